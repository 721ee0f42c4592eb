//! Who speaks in a profile: names, each with how many messages are by it. A name that no message has is no speaker's.

/// Names in lower case, by number; the number of a name that left is given to the next that comes.
#[derive(Default)]
pub(super) struct Speakers {
    /// Names and messages.
    known: Vec<(String, u32)>,
}

impl Speakers {
    /// The number of a name, which has one more message.
    pub(super) fn join(&mut self, name: &str) -> u32 {
        let name = name.to_lowercase();
        let known = self.known.iter().position(|(known, messages)| *known == name && *messages > 0);
        let at = known.or_else(|| self.known.iter().position(|(_, messages)| *messages == 0)).unwrap_or_else(|| {
            self.known.push((String::new(), 0));
            self.known.len() - 1
        });
        if let Some((known, messages)) = self.known.get_mut(at) {
            *messages += 1;
            *known = name;
        }
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    /// One message less is by that name.
    pub(super) fn leave(&mut self, number: u32) {
        if let Some((_, messages)) = self.known.get_mut(number as usize) {
            *messages = messages.saturating_sub(1);
        }
    }

    /// Names with their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        let there = (0..).zip(&self.known).filter(|(_, (_, messages))| *messages > 0);
        there.map(|(number, (name, _))| (number, name.as_str()))
    }

    pub(super) fn name(&self, number: u32) -> Option<&str> {
        self.known.get(number as usize).map(|(name, _)| name.as_str())
    }

    /// About how many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        self.known.iter().map(|(name, _)| name.len() + size_of::<(String, u32)>()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_messages_is_no_speakers() {
        let mut speakers = Speakers::default();
        assert_eq!([speakers.join("Ana"), speakers.join("Bo"), speakers.join("ANA")], [0, 1, 0]);
        speakers.leave(0);
        speakers.leave(1);
        assert_eq!(speakers.iter().collect::<Vec<_>>(), [(0, "ana")]);
        assert_eq!(speakers.join("Cleo"), 1);
        assert_eq!(speakers.iter().collect::<Vec<_>>(), [(0, "ana"), (1, "cleo")]);
    }
}
