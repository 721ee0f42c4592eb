//! Words that people use for one another in everyday talk: who asks what somebody likes is told what they love.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Base forms that stand for each other, a group a line.
const GROUPS: &str = "\
like love enjoy adore favorite favourite fave prefer
buy purchase get
receive get
give donate gift present
make create build craft design
cook bake make prepare
start begin launch open found
finish complete end
symbolize represent mean stand signify symbolise
show display depict
tell say mention share
think believe feel
want wish hope plan
plan intend go
try attempt
help support assist
fix repair mend
find discover
see watch spot
visit travel go
live reside stay
work job
job occupation profession career work
doctor physician gp
teach train coach mentor
learn study practice practise
win victory
big large huge
small little tiny
happy glad excited thrilled pleased joy
sad upset down
scared afraid frightened
tired exhausted
destress de-stress relax unwind chill
movie film
picture photo image pic
kid child son daughter
mother mom mum mama
father dad papa
grandmother grandma granny nana
grandfather grandpa granddad
friend buddy pal mate
dog puppy pup
cat kitty kitten
car vehicle
phone mobile cell
house home place
shop store
meal dinner lunch supper
trip journey vacation holiday travel
road-trip roadtrip
competition contest tournament tourney
race run
exercise workout train
injury hurt injure
ill sick
quit leave resign
marry wed wedding
name call
reason because
appreciate value thank
recommend suggest
remind reminder remember
hobby pastime interest
money cash fund
business biz company
costume outfit
inspire motivate inspiration motivation
improve better
challenge obstacle hurdle
goal aim target
birthday born
";

static GROUPS_OF: LazyLock<HashMap<&str, Vec<usize>>> = LazyLock::new(|| {
    let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, group) in GROUPS.lines().enumerate() {
        for word in group.split(' ') {
            groups.entry(word).or_default().push(number);
        }
    }
    groups
});

/// Whether two words in their base forms are used for one another.
pub(crate) fn are_synonyms(a: &str, b: &str) -> bool {
    let groups = |word: &str| GROUPS_OF.get(word).map_or(&[][..], Vec::as_slice);
    groups(a).iter().any(|group| groups(b).contains(group))
}

/// The words that are used for one, in their base forms.
pub(crate) fn synonyms(base: &str) -> impl Iterator<Item = &'static str> + use<'_> {
    let groups = GROUPS_OF.get(base).map_or(&[][..], Vec::as_slice);
    groups
        .iter()
        .filter_map(|&group| GROUPS.lines().nth(group))
        .flat_map(|group| group.split(' '))
        .filter(move |word| *word != base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn synonyms_are_of_one_group() {
        assert!(are_synonyms("like", "love") && are_synonyms("mum", "mother") && are_synonyms("get", "receive"));
        assert!(!are_synonyms("buy", "receive") && !are_synonyms("zorp", "zorp"));
    }
}
