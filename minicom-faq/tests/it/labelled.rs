//! The threshold, judged by labelled questions to the pages in `examples/knowledge`.

use std::path::Path;

use minicom_faq::{Knowledge, KnowledgeOptions};

/// The threshold of [`KnowledgeOptions`].
const DEFAULT: f32 = 0.55;

struct Labelled {
    /// The section that answers; `None`: none does.
    section: Option<&'static str>,
    question: &'static str,
}

fn labelled() -> Vec<Labelled> {
    include_str!("questions.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (section, question) = line.split_once(" | ").expect("a section and a question");
            Labelled { section: (section != "-").then_some(section), question }
        })
        .collect()
}

fn knowledge() -> Knowledge {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/knowledge");
    Knowledge::open(folder, KnowledgeOptions::new().base_url("/help/").watch_every(None)).expect("the pages")
}

/// What became of the questions.
#[derive(Debug, Default)]
struct Outcome {
    right: u32,
    wrong_section: u32,
    /// Answered, and nothing answers it.
    guessed: u32,
    /// Handed over, and a section answers it.
    missed: u32,
    handed_over: u32,
}

impl Outcome {
    fn count(&mut self, wanted: Option<&str>, found: Option<&str>) {
        *match (wanted, found) {
            (Some(wanted), Some(found)) if wanted == found => &mut self.right,
            (Some(_), Some(_)) => &mut self.wrong_section,
            (None, Some(_)) => &mut self.guessed,
            (Some(_), None) => &mut self.missed,
            (None, None) => &mut self.handed_over,
        } += 1;
    }

    /// Which share of the answers was right.
    fn precision(&self) -> f64 {
        f64::from(self.right) / f64::from(self.right + self.wrong_section + self.guessed)
    }

    /// Which share of what is known was answered, and rightly.
    fn recall(&self) -> f64 {
        f64::from(self.right) / f64::from(self.right + self.wrong_section + self.missed)
    }

    /// Which share of what is not known was handed over.
    fn specificity(&self) -> f64 {
        f64::from(self.handed_over) / f64::from(self.handed_over + self.guessed)
    }
}

/// Outcomes of the odd and of the even questions of each kind, at a threshold.
fn judge(knowledge: &Knowledge, threshold: f32, tell: bool) -> [Outcome; 2] {
    let mut outcomes = <[Outcome; 2]>::default();
    let mut seen = [0, 0];
    for Labelled { section, question } in labelled() {
        let found = knowledge.look_up(question, &[]);
        let best = found.matches.first();
        let answered = best.filter(|best| best.coverage >= threshold);
        let at = answered.and_then(|best| best.passage.source.url.as_deref()).map(|url| {
            let section = url.trim_start_matches("/help/");
            if section.is_empty() || section.starts_with('#') {
                format!("index{section}")
            } else {
                section.into()
            }
        });
        if tell && at.as_deref() != section {
            let coverage = best.map_or(0.0, |best| best.coverage);
            let title = best.map_or("nothing", |best| &best.passage.source.title);
            println!("  {coverage:.2} {question} ({}) -> {title}", section.unwrap_or("-"));
        }
        let half = &mut seen[usize::from(section.is_some())];
        outcomes[*half % 2].count(section, at.as_deref());
        *half += 1;
    }
    outcomes
}

/// Prints what it came to; `cargo test -p minicom-faq --test it labelled -- --nocapture` shows it.
#[test]
fn it_answers_what_it_knows_and_hands_over_the_rest() {
    let all = labelled();
    assert!(all.iter().filter(|labelled| labelled.section.is_some()).count() >= 40);
    assert!(all.iter().filter(|labelled| labelled.section.is_none()).count() >= 40);
    let knowledge = knowledge();
    println!("{:?}", knowledge.stats());
    for threshold in [0.4_f32, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8] {
        for (half, outcome) in ["chose", "judge"].iter().zip(judge(&knowledge, threshold, false)) {
            let (precision, recall, specificity) =
                (outcome.precision(), outcome.recall(), outcome.specificity());
            println!(
                "{threshold:.2} {half}: precision {precision:.2}, recall {recall:.2}, unknown and handed over {specificity:.2}; {outcome:?}"
            );
        }
    }
    println!("otherwise than labelled, at the default:");
    for outcome in judge(&knowledge, DEFAULT, true) {
        assert!(outcome.precision() >= 0.85, "{outcome:?}");
        assert!(outcome.recall() >= 0.75, "{outcome:?}");
        assert!(outcome.specificity() >= 0.9, "{outcome:?}");
    }
}

/// What is measured here is what a responder does.
#[test]
fn the_default_threshold_is_the_one_that_is_judged() {
    let knowledge = knowledge();
    for Labelled { question, .. } in labelled() {
        let found = knowledge.look_up(question, &[]);
        let covered = found.matches.first().filter(|best| best.coverage >= DEFAULT);
        assert_eq!(found.best(), covered, "{question}");
    }
}
