//! Closed classes of English and its irregular verbs. Open classes are left to rules of form.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::words::Class;

/// Base, past, participle of the irregular verbs in common use.
const IRREGULAR: &[(&str, &str, &str)] = &[
    ("be", "was", "been"),
    ("have", "had", "had"),
    ("do", "did", "done"),
    ("go", "went", "gone"),
    ("get", "got", "gotten"),
    ("make", "made", "made"),
    ("take", "took", "taken"),
    ("come", "came", "come"),
    ("see", "saw", "seen"),
    ("know", "knew", "known"),
    ("give", "gave", "given"),
    ("find", "found", "found"),
    ("think", "thought", "thought"),
    ("tell", "told", "told"),
    ("become", "became", "become"),
    ("leave", "left", "left"),
    ("feel", "felt", "felt"),
    ("put", "put", "put"),
    ("bring", "brought", "brought"),
    ("begin", "began", "begun"),
    ("keep", "kept", "kept"),
    ("hold", "held", "held"),
    ("write", "wrote", "written"),
    ("stand", "stood", "stood"),
    ("hear", "heard", "heard"),
    ("let", "let", "let"),
    ("mean", "meant", "meant"),
    ("set", "set", "set"),
    ("meet", "met", "met"),
    ("run", "ran", "run"),
    ("pay", "paid", "paid"),
    ("sit", "sat", "sat"),
    ("speak", "spoke", "spoken"),
    ("lie", "lay", "lain"),
    ("lead", "led", "led"),
    ("read", "read", "read"),
    ("grow", "grew", "grown"),
    ("lose", "lost", "lost"),
    ("fall", "fell", "fallen"),
    ("send", "sent", "sent"),
    ("build", "built", "built"),
    ("understand", "understood", "understood"),
    ("draw", "drew", "drawn"),
    ("break", "broke", "broken"),
    ("spend", "spent", "spent"),
    ("cut", "cut", "cut"),
    ("rise", "rose", "risen"),
    ("drive", "drove", "driven"),
    ("buy", "bought", "bought"),
    ("wear", "wore", "worn"),
    ("choose", "chose", "chosen"),
    ("eat", "ate", "eaten"),
    ("drink", "drank", "drunk"),
    ("sleep", "slept", "slept"),
    ("fly", "flew", "flown"),
    ("sell", "sold", "sold"),
    ("teach", "taught", "taught"),
    ("catch", "caught", "caught"),
    ("win", "won", "won"),
    ("fight", "fought", "fought"),
    ("hit", "hit", "hit"),
    ("hurt", "hurt", "hurt"),
    ("quit", "quit", "quit"),
    ("shut", "shut", "shut"),
    ("cost", "cost", "cost"),
    ("swim", "swam", "swum"),
    ("sing", "sang", "sung"),
    ("ring", "rang", "rung"),
    ("throw", "threw", "thrown"),
    ("forget", "forgot", "forgotten"),
    ("ride", "rode", "ridden"),
    ("hide", "hid", "hidden"),
    ("steal", "stole", "stolen"),
    ("wake", "woke", "woken"),
    ("freeze", "froze", "frozen"),
    ("tear", "tore", "torn"),
    ("shake", "shook", "shaken"),
    ("bite", "bit", "bitten"),
    ("feed", "fed", "fed"),
    ("bleed", "bled", "bled"),
    ("dig", "dug", "dug"),
    ("hang", "hung", "hung"),
    ("stick", "stuck", "stuck"),
    ("shoot", "shot", "shot"),
    ("shine", "shone", "shone"),
    ("sweep", "swept", "swept"),
    ("weep", "wept", "wept"),
    ("deal", "dealt", "dealt"),
    ("bend", "bent", "bent"),
    ("lend", "lent", "lent"),
    ("light", "lit", "lit"),
    ("slide", "slid", "slid"),
    ("spread", "spread", "spread"),
    ("split", "split", "split"),
    ("burst", "burst", "burst"),
    ("bet", "bet", "bet"),
    ("seek", "sought", "sought"),
    ("sink", "sank", "sunk"),
    ("spin", "spun", "spun"),
    ("swing", "swung", "swung"),
    ("blow", "blew", "blown"),
    ("show", "showed", "shown"),
    ("withdraw", "withdrew", "withdrawn"),
    ("undergo", "underwent", "undergone"),
    ("overcome", "overcame", "overcome"),
    ("say", "said", "said"),
    ("rebuild", "rebuilt", "rebuilt"),
    ("rewrite", "rewrote", "rewritten"),
    ("redo", "redid", "redone"),
    ("sew", "sewed", "sewn"),
    ("learn", "learnt", "learnt"),
    ("burn", "burnt", "burnt"),
    ("dream", "dreamt", "dreamt"),
    ("lay", "laid", "laid"),
    ("kneel", "knelt", "knelt"),
    ("creep", "crept", "crept"),
    ("bear", "bore", "born"),
    ("beat", "beat", "beaten"),
    ("bind", "bound", "bound"),
    ("breed", "bred", "bred"),
    ("cling", "clung", "clung"),
];

/// Regular verbs in common use: what may stand as the second of two verbs ("live … and work").
const COMMON: &str = "accept|add|adopt|agree|aim|answer|apply|arrive|ask|attend|avoid|babysit|bake|believe|belong|book|borrow|call|\
    cancel|care|carry|celebrate|change|check|clean|climb|close|coach|collect|commute|consider|cook|create|cycle|\
    dance|decide|deploy|design|develop|discover|donate|earn|enjoy|expect|explore|express|finish|focus|follow|garden|\
    happen|hate|help|hike|hope|host|include|intend|invest|jog|join|like|listen|live|look|love|maintain|manage|marry|\
    miss|move|need|notice|offer|open|order|organise|organize|own|paint|pick|plan|play|practice|practise|prefer|\
    prepare|promise|receive|recommend|refuse|relax|relocate|remember|rent|report|return|save|search|seem|serve|\
    share|ship|shop|sign|snore|start|stay|stop|study|suffer|support|suggest|talk|tend|train|transfer|travel|try|\
    turn|use|visit|volunteer|wait|walk|want|wash|watch|weigh|wish|wonder|work|worry";

/// More verbs whose third person is recognised. Many are nouns too: they do not open a command.
const MORE: &str = "store|contain|cover|cause|charge|claim|compare|complain|complete|concern|connect|contact|contribute|control|\
    convert|cope|correct|crash|cross|damage|decline|decrease|define|delay|deliver|demand|deny|depend|deserve|\
    destroy|determine|direct|disagree|discuss|dislike|divide|dominate|double|elect|employ|enable|encourage|end|\
    enter|escape|establish|estimate|examine|exercise|exist|expand|explain|fail|fear|fetch|file|fill|fit|fix|flow|\
    force|form|gain|gather|generate|grab|greet|guide|handle|identify|ignore|imagine|improve|increase|indicate|\
    influence|inform|insist|inspect|install|introduce|invite|involve|judge|jump|kick|kill|knock|lack|land|laugh|\
    launch|lift|link|lock|log|mark|matter|measure|mention|migrate|mind|mix|monitor|obtain|occur|operate|oversee|owe|\
    participate|pass|perform|photograph|place|plant|point|possess|post|pour|praise|predict|present|press|prevent|\
    print|process|produce|program|propose|protect|prove|provide|publish|pull|push|question|race|rain|raise|reach|\
    react|realise|realize|recognise|recognize|reduce|refer|reflect|register|regret|reject|relate|release|rely|\
    remain|remind|remove|repair|repeat|replace|reply|represent|request|require|rescue|research|resign|resist|\
    resolve|respond|rest|retire|retrain|reveal|review|roll|rule|sail|schedule|score|scream|seek|select|settle|shout|\
    sit|ski|smell|smile|smoke|snow|solve|sort|specialise|specialize|speak|stretch|strike|struggle|submit|succeed|\
    supply|suppose|surf|surprise|surround|survive|suspect|switch|swap|taste|test|thank|touch|tour|track|trade|\
    transform|translate|treat|trust|tutor|type|update|upgrade|upload|vary|view|vote|warn|waste|wave|welcome|worship|\
    wrap|yell|allow|appear|assist|assume|attack|attempt|attract|bark|battle|become|behave|block|boil|breathe|brush|\
    camp|combine|command|communicate|compete|compose|conduct|drag|dress|drop|dry|edit|embrace|emigrate|enrol|enroll|\
    expose|feature|fish|fold|grill|guess|head|heal|hire|hold|hug|hunt|hurry|implement|impress|integrate|interview|\
    iron|juggle|kiss|knit|lease|lecture|lend|meditate|mentor|message|model|motivate|navigate|nurse|obey|observe|opt|\
    park|pause|pedal|phone|pitch|plug|pretend|punch|purchase|queue|quote|reset|restore|retrieve|scan|scare|scrub|\
    sell|sew|shave|shower|skate|sketch|sneeze|spell|sponsor|spray|stack|stare|target|tease|tidy|tie|toast|tune|\
    unpack|value|vacuum|wander|water|weave|whisper|wipe|wrestle";

/// Forms of be, have, do and the modals.
pub(super) const AUXILIARIES: &str = "am|is|are|was|were|'m|'re|has|have|had|'ve|do|does|did|will|'ll|would|can|could|should|must|may|might|shall|ca|\
    wo|'d";
pub(super) const MODALS: &str = "will|'ll|would|can|could|should|must|may|might|shall|ca|wo|cannot|can't|won't";
pub(super) const FIRST_PERSON: &str = "i|me|my|mine|myself|we|us|our|ours|ourselves";
pub(super) const THIRD_PERSON: &str = "he|she|it|they|him|her|them|his|its|their|this|that|these|those|hers|theirs";
pub(super) const DETERMINERS: &str = "the|a|an|this|that|these|those|every|each|some|any|no|all|both";
pub(super) const POSSESSIVES: &str = "my|our|your|his|her|its|their";
pub(super) const PREPOSITIONS: &str = "in|on|at|to|from|with|without|by|for|of|about|under|over|near|behind|beside|between|through|into|onto|off|\
    around|across|against|along|among|after|before|during|until|till|since|within|via|per|inside|outside|above|\
    below|next|close|as|than|like";
pub(super) const SUBORDINATORS: &str = "if|when|whenever|while|because|since|although|though|after|before|once|unless|until|as|where|whereas|that|which|\
    who|whose|what|how|why|whether|than";
/// Adverbs that stand between a subject and its verb and do not end in -ly.
const ADVERBS: &str = "also|always|never|often|sometimes|still|just|already|even|not|now|then|usually|ever|soon|too|almost|quite|\
    rather|really|only|kinda|sorta|totally|actually|currently|recently|finally|probably|definitely|absolutely|\
    honestly|basically|literally|much|once|both|all|first|later|today|tonight|mostly|indeed|pretty|so|generally|\
    certainly|truly|seriously|deeply|eventually|normally|yesterday|tomorrow|n't|nt|barely|hardly";

// The long lists, for looking words up; nothing depends on the order of a set.
static BASES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| COMMON.split('|').chain(IRREGULAR.iter().map(|&(base, _, _)| base)).collect());
static MORE_BASES: LazyLock<HashSet<&str>> = LazyLock::new(|| MORE.split('|').collect());
static ADVERB_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| ADVERBS.split('|').collect());
static PASTS: LazyLock<HashSet<&str>> = LazyLock::new(|| IRREGULAR.iter().map(|&(_, past, _)| past).collect());
static PARTICIPLES: LazyLock<HashSet<&str>> = LazyLock::new(|| IRREGULAR.iter().map(|&(_, _, last)| last).collect());

/// Whether a word can stand between a subject and its verb.
pub(super) fn is_adverb(low: &str) -> bool {
    ADVERB_SET.contains(low)
        || (low.len() > 4
            && low.ends_with("ly")
            && !matches!(low, "apply" | "reply" | "supply" | "rely" | "family" | "imply" | "multiply"))
}

/// Whether it is a form that is past only, or past and base alike (`put`).
pub(super) fn is_irregular_past(low: &str) -> bool {
    matches!(low, "were" | "did") || PASTS.contains(low)
}

/// Whether past and base form look the same: `put`, `cut`, `read`.
pub(super) fn is_same_in_past(low: &str) -> bool {
    IRREGULAR.iter().any(|&(base, past, _)| past == low && base == low)
}

/// Whether it is a participle that is not also a past form: `gone`, `taken`.
pub(super) fn is_participle(low: &str) -> bool {
    PARTICIPLES.contains(low) || is_regular_past(low)
}

/// Whether it has the form of a regular past: `walked`, not `need` or `red`.
pub(super) fn is_regular_past(low: &str) -> bool {
    const NOT: &str = "need|feed|seed|speed|weed|breed|bleed|proceed|exceed|succeed|indeed|hundred|sacred|naked|wicked|embed|shed|sled|\
    bed|wed|shred|kindred|unmarried|unlimited|biased|beloved|red|bred|fred|ted|led";
    low.len() > 3 && low.ends_with("ed") && !NOT.has(low) && low.chars().all(|c| c.is_alphabetic() || c == '-')
}

/// Whether it is certainly or probably a past form.
pub(super) fn is_past(low: &str) -> bool {
    (is_irregular_past(low) && !is_same_in_past(low)) || is_regular_past(low)
}

/// Whether it is the base form of a verb in common use.
pub(super) fn is_common_base(low: &str) -> bool {
    BASES.contains(low)
}

/// `go` → `goes`, `study` → `studies`, `be` → `is`.
pub(super) fn third_person(low: &str) -> String {
    match low {
        "be" | "am" | "are" => return "is".to_owned(),
        "have" => return "has".to_owned(),
        "do" => return "does".to_owned(),
        // Who says "I quit" has done so.
        "quit" => return "quit".to_owned(),
        _ => {}
    }
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let mut back = low.chars().rev();
    match (back.next(), back.next()) {
        (Some('y'), Some(before)) if !vowel(before) => format!("{}ies", low.strip_suffix('y').unwrap_or(low)),
        (Some('s' | 'x' | 'z' | 'o'), _) | (Some('h'), Some('c' | 's')) => format!("{low}es"),
        _ => format!("{low}s"),
    }
}

/// The base of a third-person form when it is plain: `goes` → `go`.
pub(super) fn base_of_third(low: &str) -> Option<String> {
    match low {
        "is" | "was" | "has" | "does" | "this" | "its" | "us" | "as" | "yes" | "always" | "perhaps" | "does't" => {
            return None;
        }
        _ => {}
    }
    let stem = low.strip_suffix('s')?;
    [
        stem.to_owned(),
        stem.strip_suffix('e').unwrap_or(stem).to_owned(),
        stem.strip_suffix("ie").map_or_else(String::new, |s| format!("{s}y")),
    ]
    .into_iter()
    .find(|base| is_common_base(base) || MORE_BASES.contains(base.as_str()))
}

/// `start` → `started`, `go` → `went`.
pub(super) fn past(low: &str) -> String {
    if let Some(&(_, past, _)) = IRREGULAR.iter().find(|(base, _, _)| *base == low) {
        return past.to_owned();
    }
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let mut back = low.chars().rev();
    match (back.next(), back.next(), back.next()) {
        (Some('e'), _, _) => format!("{low}d"),
        (Some('y'), Some(before), _) if !vowel(before) => format!("{}ied", low.strip_suffix('y').unwrap_or(low)),
        (Some(last), Some(before), Some(first))
            if low.len() <= 4 && !vowel(last) && vowel(before) && !vowel(first) && !matches!(last, 'w' | 'x' | 'y') =>
        {
            format!("{low}{last}ed")
        }
        _ => format!("{low}ed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_agree() {
        for (base, third, earlier) in [
            ("go", "goes", "went"),
            ("study", "studies", "studied"),
            ("play", "plays", "played"),
            ("watch", "watches", "watched"),
            ("have", "has", "had"),
            ("stop", "stops", "stopped"),
            ("visit", "visits", "visited"),
            ("fix", "fixes", "fixed"),
            ("start", "starts", "started"),
        ] {
            assert_eq!((third_person(base).as_str(), past(base).as_str()), (third, earlier), "{base}");
        }
    }

    #[test]
    fn past_forms_are_known_by_shape() {
        for word in ["walked", "went", "swam", "was"] {
            assert!(is_past(word), "{word}");
        }
        for word in ["need", "put", "red", "go", "hundred"] {
            assert!(!is_past(word), "{word}");
        }
    }
}
