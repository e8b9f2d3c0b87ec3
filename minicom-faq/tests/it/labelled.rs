//! The threshold, judged by labelled questions to the pages in `examples/knowledge`.

use std::path::Path;

use minicom_faq::{Knowledge, KnowledgeOptions};

/// The threshold of [`KnowledgeOptions`].
const DEFAULT: f32 = 0.55;

struct Labelled {
    /// The page that answers; `None`: none does.
    page: Option<&'static str>,
    question: &'static str,
}

fn labelled() -> Vec<Labelled> {
    include_str!("questions.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (page, question) = line.split_once(" | ").expect("a page and a question");
            Labelled { page: (page != "-").then_some(page), question }
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
    wrong_page: u32,
    /// Answered, and nothing answers it.
    guessed: u32,
    /// Handed over, and a page answers it.
    missed: u32,
    handed_over: u32,
}

impl Outcome {
    fn count(&mut self, wanted: Option<&str>, found: Option<&str>) {
        *match (wanted, found) {
            (Some(wanted), Some(found)) if wanted == found => &mut self.right,
            (Some(_), Some(_)) => &mut self.wrong_page,
            (None, Some(_)) => &mut self.guessed,
            (Some(_), None) => &mut self.missed,
            (None, None) => &mut self.handed_over,
        } += 1;
    }

    /// Which share of the answers was right.
    fn precision(&self) -> f64 {
        f64::from(self.right) / f64::from(self.right + self.wrong_page + self.guessed)
    }

    /// Which share of what is known was answered, and rightly.
    fn recall(&self) -> f64 {
        f64::from(self.right) / f64::from(self.right + self.wrong_page + self.missed)
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
    for Labelled { page, question } in labelled() {
        let found = knowledge.look_up(question, &[]);
        let best = found.matches.first();
        let answered = best.filter(|best| best.coverage >= threshold);
        let url = answered.and_then(|best| best.passage.source.url.as_deref()).unwrap_or_default();
        let at = answered.map(|_| {
            let page = url.trim_start_matches("/help/").split('#').next().unwrap_or_default();
            if page.is_empty() { "index" } else { page }
        });
        if tell && at != page {
            let coverage = best.map_or(0.0, |best| best.coverage);
            let title = best.map_or("nothing", |best| &best.passage.source.title);
            println!("  {coverage:.2} {:<13} {question} -> {title}", page.unwrap_or("-"));
        }
        let half = &mut seen[usize::from(page.is_some())];
        outcomes[*half % 2].count(page, at);
        *half += 1;
    }
    outcomes
}

/// Prints what it came to; `cargo test -p minicom-faq --test it labelled -- --nocapture` shows it.
#[test]
fn it_answers_what_it_knows_and_hands_over_the_rest() {
    let all = labelled();
    assert!(all.iter().filter(|labelled| labelled.page.is_some()).count() >= 40);
    assert!(all.iter().filter(|labelled| labelled.page.is_none()).count() >= 40);
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
        assert!(outcome.recall() >= 0.8, "{outcome:?}");
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
