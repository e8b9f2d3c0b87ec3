//! What people say around their questions: it needs a kind word, not a look-up, and no agent either.

use std::{cmp::Reverse, sync::LazyLock};

use minicom_core::text;

use crate::Language;

/// A longer message is more than small talk.
const MOST_WORDS: usize = 24;

/// What a message is, if it asks nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SmallTalk {
    /// Hello, in that language.
    Greeting(Language),
    /// Thank you, in that language.
    Thanks(Language),
    /// Good, goodbye, or no word at all.
    Nod,
}

impl SmallTalk {
    /// `None`: there may be a question in it. `preferred` is tried first, since languages share some words.
    pub(crate) fn of(message: &str, preferred: Language) -> Option<Self> {
        let words: Vec<String> = text::tokens(message).take(MOST_WORDS + 1).map(|token| token.term).collect();
        if words.is_empty() {
            return (!message.contains(['?', '？', '؟'])).then_some(Self::Nod);
        }
        if words.len() > MOST_WORDS {
            return None;
        }
        let others = Language::KNOWN.into_iter().filter(|&language| language != preferred);
        [preferred].into_iter().chain(others).find_map(|language| in_language(&words, language))
    }

    /// What to say to it. `None`: nothing.
    pub(crate) fn answer(self) -> Option<&'static str> {
        let of = |language| Language::KNOWN.iter().position(|known| *known == language).map(|at| PHRASES[at]);
        match self {
            Self::Greeting(language) => of(language).map(|phrases| phrases.to_greeting),
            Self::Thanks(language) => of(language).map(|phrases| phrases.to_thanks),
            Self::Nod => None,
        }
    }
}

/// Every word must belong to a phrase, and one of them must mean something.
fn in_language(words: &[String], language: Language) -> Option<SmallTalk> {
    let (_, phrases) = LISTS.iter().find(|(of, _)| *of == language)?;
    let (mut greets, mut thanks, mut nods) = (false, false, false);
    let mut rest = words;
    while !rest.is_empty() {
        let fits = |(_, phrase): &&Phrase| rest.starts_with(phrase);
        let (meaning, phrase) = phrases.iter().find(fits)?;
        match meaning {
            Meaning::Greeting => greets = true,
            Meaning::Thanks => thanks = true,
            Meaning::Nod => nods = true,
            Meaning::Filler => {}
        }
        rest = &rest[phrase.len()..];
    }
    match (thanks, greets, nods) {
        (true, ..) => Some(SmallTalk::Thanks(language)),
        (_, true, _) => Some(SmallTalk::Greeting(language)),
        (.., true) => Some(SmallTalk::Nod),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy)]
enum Meaning {
    Greeting,
    Thanks,
    Nod,
    Filler,
}

/// A phrase as folded words.
type Phrase = (Meaning, Vec<String>);

/// The phrases of each language, the longest first.
static LISTS: LazyLock<Vec<(Language, Vec<Phrase>)>> = LazyLock::new(|| {
    let folded = |(language, phrases): (Language, &Phrases)| {
        let lists = [
            (Meaning::Greeting, phrases.greetings),
            (Meaning::Thanks, phrases.thanks),
            (Meaning::Nod, phrases.nods),
            (Meaning::Filler, phrases.fillers),
        ];
        let mut all: Vec<_> = lists
            .into_iter()
            .flat_map(|(meaning, list)| list.split('|').map(move |phrase| (meaning, text::terms(phrase))))
            .collect();
        all.sort_by_key(|(_, phrase)| Reverse(phrase.len()));
        (language, all)
    };
    Language::KNOWN.into_iter().zip(PHRASES).map(folded).collect()
});

/// In the order of [`Language::KNOWN`].
static PHRASES: [&Phrases; 7] = [&ENGLISH, &GERMAN, &SPANISH, &FRENCH, &PORTUGUESE, &JAPANESE, &ARABIC];

/// Phrases of a language, with `|` between them.
struct Phrases {
    greetings: &'static str,
    thanks: &'static str,
    nods: &'static str,
    /// What may stand beside the others.
    fillers: &'static str,
    to_greeting: &'static str,
    to_thanks: &'static str,
}

static ENGLISH: Phrases = Phrases {
    greetings: "hi|hello|hey|hiya|howdy|good morning|good afternoon|good evening|good day|greetings|how are you|\
        how are you doing|how do you do|nice to meet you|what's up",
    thanks: "thanks|thank you|thank u|thx|ty|cheers|much appreciated|many thanks|thanks a lot|thanks a million|\
        thank you so much|thank you very much",
    nods: "ok|okay|great|perfect|good|nice|cool|got it|i see|understood|all right|alright|bye|goodbye|good bye|see you|\
        good night|have a nice day|that helps|that helped|that worked|never mind|nevermind|awesome|excellent",
    fillers: "there|all|everyone|everybody|team|guys|folks|again|so|very|much|a lot|for your help|for the help|for that|\
        for helping|and|then|today|to you|you too|oh|ah|dear|sir|madam|it's|that's|is",
    to_greeting: "Hello! What would you like to know?",
    to_thanks: "You are welcome!",
};

static GERMAN: Phrases = Phrases {
    greetings: "hallo|hi|hey|moin|servus|grüß gott|grüezi|guten tag|guten morgen|guten abend|wie geht es ihnen|\
        wie geht's|wie geht es dir|tag|grüß dich",
    thanks: "danke|danke schön|dankeschön|vielen dank|besten dank|herzlichen dank|danke sehr|tausend dank|merci|ich danke ihnen",
    nods: "ok|okay|gut|super|prima|toll|perfekt|alles klar|verstanden|verstehe|tschüss|tschüß|auf wiedersehen|bis bald|\
        schönen tag noch|gute nacht|klasse|passt",
    fillers: "zusammen|ihr|alle|liebes|team|und|auch|noch|sehr|mal|für die hilfe|für ihre hilfe|für deine hilfe|dafür|\
        ihnen|dir|euch|das|ist|na|dann",
    to_greeting: "Hallo! Was möchten Sie wissen?",
    to_thanks: "Gern geschehen!",
};

static SPANISH: Phrases = Phrases {
    greetings: "hola|buenas|buenos días|buen día|buenas tardes|buenas noches|qué tal|cómo está|cómo estás|saludos",
    thanks: "gracias|muchas gracias|mil gracias|muchísimas gracias|se lo agradezco|te lo agradezco",
    nods: "ok|vale|bien|muy bien|perfecto|genial|entendido|de acuerdo|adiós|hasta luego|chao|excelente|listo|entiendo",
    fillers: "a todos|equipo|y|pues|por la ayuda|por su ayuda|por tu ayuda|por todo|muy|amable|señor|señora|de nuevo",
    to_greeting: "¡Hola! ¿Qué le gustaría saber?",
    to_thanks: "¡De nada!",
};

static FRENCH: Phrases = Phrases {
    greetings: "bonjour|bonsoir|salut|coucou|hello|comment allez-vous|comment ça va|ça va|bonne journée à vous",
    thanks: "merci|merci beaucoup|merci bien|mille mercis|un grand merci|je vous remercie|merci infiniment",
    nods: "ok|d'accord|bien|très bien|parfait|super|génial|compris|je comprends|au revoir|à bientôt|bonne journée|\
        bonne soirée|bonne nuit|entendu",
    fillers: "à tous|l'équipe|et|pour votre aide|pour ton aide|pour l'aide|pour tout|monsieur|madame|à vous|encore",
    to_greeting: "Bonjour ! Que souhaitez-vous savoir ?",
    to_thanks: "Avec plaisir !",
};

static PORTUGUESE: Phrases = Phrases {
    greetings: "olá|oi|bom dia|boa tarde|boa noite|tudo bem|como vai|como está|e aí|saudações",
    thanks: "obrigado|obrigada|muito obrigado|muito obrigada|valeu|agradeço|agradecido|agradecida|brigado",
    nods: "ok|certo|bom|ótimo|perfeito|legal|entendi|está bem|tá bom|tchau|adeus|até logo|até mais|beleza|excelente",
    fillers: "a todos|pessoal|equipe|equipa|e|pela ajuda|pela sua ajuda|por tudo|mesmo|com você|senhor|senhora",
    to_greeting: "Olá! O que gostaria de saber?",
    to_thanks: "De nada!",
};

static JAPANESE: Phrases = Phrases {
    greetings: "こんにちは|こんばんは|おはよう|おはようございます|はじめまして|もしもし|やあ|お世話になっております|hello|hi",
    thanks: "ありがとう|ありがとうございます|ありがとうございました|どうも|感謝します|助かりました|サンクス",
    nods: "はい|了解|了解です|了解しました|わかりました|分かりました|承知しました|ok|なるほど|さようなら|失礼します|大丈夫です",
    fillers: "どうも|ご対応|ご回答|本当に|皆さん|ね|よ|お疲れ様です",
    to_greeting: "こんにちは。ご質問をどうぞ。",
    to_thanks: "どういたしまして。",
};

static ARABIC: Phrases = Phrases {
    greetings: "مرحبا|مرحباً|أهلا|أهلاً|أهلا وسهلا|السلام عليكم|السلام عليكم ورحمة الله وبركاته|صباح الخير|مساء الخير|\
        كيف حالك|كيف حالكم|هلا",
    thanks: "شكرا|شكراً|شكرا جزيلا|شكراً جزيلاً|شكرا لك|شكرا لكم|أشكرك|أشكركم|جزاك الله خيرا|مشكور",
    nods: "حسنا|حسناً|تمام|ممتاز|جيد|فهمت|طيب|مع السلامة|إلى اللقاء|وداعا|ok",
    fillers: "جدا|جداً|على المساعدة|على مساعدتك|و|لكم|لك|جميعا|بكم|بك",
    to_greeting: "مرحبًا! ما الذي تود معرفته؟",
    to_thanks: "على الرحب والسعة!",
};

#[cfg(test)]
mod tests {
    use super::*;

    fn of(message: &str) -> Option<SmallTalk> {
        SmallTalk::of(message, Language::English)
    }

    #[test]
    fn greetings_and_thanks_are_known_in_seven_languages() {
        for (language, greetings, thanks) in [
            (
                Language::English,
                ["Hi there!", "Good morning, everyone", "hello"],
                ["Thanks!", "ok, thank you so much", "Thank you for your help!"],
            ),
            (
                Language::German,
                ["Guten Tag!", "Hallo zusammen", "Grüß Gott"],
                ["Danke!", "Vielen Dank für die Hilfe", "super, danke"],
            ),
            (
                Language::Spanish,
                ["¡Hola!", "Buenos días", "buenas tardes"],
                ["Muchas gracias", "Gracias por su ayuda", "vale, gracias"],
            ),
            (
                Language::French,
                ["Bonjour", "bonsoir à tous", "Salut !"],
                ["Merci beaucoup !", "ok merci", "merci pour votre aide"],
            ),
            (
                Language::Portuguese,
                ["Olá", "Bom dia!", "oi, tudo bem?"],
                ["Muito obrigado", "obrigada", "valeu pela ajuda"],
            ),
            (
                Language::Japanese,
                ["こんにちは", "おはようございます。", "はじめまして"],
                ["ありがとうございます！", "どうもありがとう", "了解です、ありがとうございました"],
            ),
            (Language::Arabic, ["مرحبا", "السلام عليكم", "صباح الخير"], ["شكرا جزيلا", "شكراً", "تمام شكرا لك"]),
        ] {
            for message in greetings {
                let found = SmallTalk::of(message, language);
                assert_eq!(found, Some(SmallTalk::Greeting(language)), "{message}");
                assert!(found.and_then(SmallTalk::answer).is_some());
                // Whatever the pages are written in.
                assert!(matches!(of(message), Some(SmallTalk::Greeting(_))), "{message}");
            }
            for message in thanks {
                assert_eq!(SmallTalk::of(message, language), Some(SmallTalk::Thanks(language)), "{message}");
                assert!(matches!(of(message), Some(SmallTalk::Thanks(_))), "{message}");
            }
        }
    }

    #[test]
    fn what_needs_no_answer_gets_none() {
        for message in ["ok", "Great, bye!", "👍", "❤️", "...", "alles klar", "わかりました", "تمام"]
        {
            assert_eq!(of(message), Some(SmallTalk::Nod), "{message}");
        }
        assert_eq!(SmallTalk::Nod.answer(), None);
    }

    #[test]
    fn a_question_is_none() {
        for message in [
            "Hi, how do I install it?",
            "thanks, and how do I back up the file?",
            "?",
            "？？",
            "Hallo, was kostet das?",
            "there",
            "how are you different from Intercom?",
            "こんにちは、営業時間は何時ですか",
        ] {
            assert_eq!(of(message), None, "{message}");
        }
        assert_eq!(of(&"hi ".repeat(100)), None);
    }
}
