//! Which section answers a question, and how much of the question it covers.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
    fmt,
};

use bm25::{Embedder, EmbedderBuilder, Embedding, Scorer, TokenEmbedder, TokenEmbedding};
use minicom_core::Passage;

use crate::{Language, page::Section, words::Words};

/// How many different terms of a question are looked up: what is longer is an essay, or noise.
const QUESTION_TERMS: usize = 32;

/// How many terms of a question are read to find them.
const QUESTION_READ: usize = 512;

/// How many sections, best first, are judged by what they cover.
const JUDGED: usize = 16;

/// A word of a section's own heading or a keyword counts as if it stood so often in the text; one of the headings above it,
/// which its neighbours have too, once.
const NAMED_TIMES: usize = 3;

/// A folder with fewer sections is weighed as if it had so many: in a folder of three sections a word that occurs in one
/// of them is rare all the same.
const SECTIONS_AT_LEAST: usize = 32;

/// The share of the heaviest weight, that of a word which occurs nowhere, that the words found must have together.
/// A question of nothing but words that are everywhere asks for nothing in particular.
const WEIGHT_AT_LEAST: f32 = 0.3;

/// How much each earlier message counts against the question, the latest first.
const EARLIER: [f32; 3] = [0.4, 0.2, 0.1];

/// A question with more terms speaks for itself.
const FOLLOW_UP_TERMS: usize = 3;

/// A term by its hash.
type Term = u64;

/// Sections that can be found.
pub(crate) struct Index {
    words: Words,
    sections: Vec<Section>,
    /// The terms of each section, and those of its title; sorted.
    terms: Vec<(Vec<Term>, Vec<Term>)>,
    /// In how many sections a term occurs.
    frequency: HashMap<Term, usize>,
    scorer: Scorer<usize, Term>,
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("sections", &self.sections.len()).finish_non_exhaustive()
    }
}

/// A section that has to do with a question.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Match {
    /// The section, whole.
    pub passage: Passage,
    /// Its BM25 score times its coverage. It ranks the sections of one question and means nothing beyond that.
    pub score: f32,
    /// The share of the question's weight that it covers, from 0 to 1; 0 if what is covered weighs too little.
    pub coverage: f32,
    /// Where the passage may be cut.
    pub(crate) breaks: Vec<usize>,
}

/// A question as terms.
struct Question {
    own: Vec<Term>,
    /// What was asked before, by how much it counts.
    earlier: Vec<(Term, f32)>,
}

impl Index {
    pub(crate) fn new(language: Language, sections: Vec<Section>) -> Self {
        let words = Words(language);
        let texts: Vec<_> = sections.iter().map(indexed).collect();
        let references: Vec<_> = texts.iter().map(String::as_str).collect();
        let embedder: Embedder<Term, Words> =
            EmbedderBuilder::with_tokenizer_and_fit_to_corpus(words, &references).build();
        let mut frequency = HashMap::new();
        let mut scorer = Scorer::new();
        let mut terms = Vec::with_capacity(sections.len());
        for (number, text) in texts.iter().enumerate() {
            // One entry a term is enough; with one for each occurrence the scorer looks longer for the same.
            let mut embedding = embedder.embed(text);
            embedding.0.sort_by_key(|token| token.index);
            embedding.0.dedup_by_key(|token| token.index);
            let own: Vec<Term> = embedding.indices().copied().collect();
            for &term in &own {
                *frequency.entry(term).or_default() += 1;
            }
            scorer.upsert(&number, embedding);
            let mut title: Vec<Term> = hashes(words, &sections[number].source.title).collect();
            title.sort_unstable();
            title.dedup();
            terms.push((own, title));
        }
        Self { words, sections, terms, frequency, scorer }
    }

    pub(crate) fn len(&self) -> usize {
        self.sections.len()
    }

    /// The sections that have to do with a question, best first, at most `most`.
    pub(crate) fn find(&self, question: &str, earlier: &[&str], most: usize) -> Vec<Match> {
        let question = self.question(question, earlier);
        let mut ranked = self.rank(&question);
        ranked.truncate(JUDGED);
        let mut judged: Vec<_> = ranked
            .into_iter()
            .map(|(number, score)| (number, score, self.coverage(number, &question)))
            // Whoever covers more of the question is the better answer to it; BM25 alone lets one rare word win.
            .map(|(number, score, coverage)| (number, score * coverage, coverage))
            .collect();
        judged.sort_by(|a, b| descending(a.1, b.1).then(a.0.cmp(&b.0)));
        judged
            .into_iter()
            .take(most)
            .map(|(number, score, coverage)| {
                let Section { text, breaks, source, .. } = &self.sections[number];
                let passage = Passage { text: text.clone(), source: source.clone() };
                Match { passage, score, coverage, breaks: breaks.clone() }
            })
            .collect()
    }

    fn question(&self, question: &str, earlier: &[&str]) -> Question {
        let mut seen = HashSet::new();
        let own: Vec<Term> = hashes(self.words, question)
            .take(QUESTION_READ)
            .filter(|term| seen.insert(*term))
            .take(QUESTION_TERMS)
            .collect();
        let mut before = Vec::new();
        if (1..=FOLLOW_UP_TERMS).contains(&own.len()) {
            for (message, weight) in earlier.iter().zip(EARLIER) {
                let terms = hashes(self.words, message).take(QUESTION_READ).filter(|term| seen.insert(*term));
                before.extend(terms.take(QUESTION_TERMS / 2).map(|term| (term, weight)));
            }
        }
        Question { own, earlier: before }
    }

    /// All sections with a word of the question itself, by score.
    fn rank(&self, question: &Question) -> Vec<(usize, f32)> {
        let own = embedding(question.own.iter().copied());
        let mut ranked: Vec<_> =
            self.scorer.matches(&own).into_iter().map(|found| (found.id, found.score)).collect();
        for &(term, weight) in &question.earlier {
            let term = embedding([term]);
            for (number, score) in &mut ranked {
                *score += weight * self.scorer.score(number, &term).unwrap_or_default();
            }
        }
        ranked.sort_by(|a, b| descending(a.1, b.1).then(a.0.cmp(&b.0)));
        ranked
    }

    /// How much of a question a section covers. What was asked before does not count: it says which of several sections is
    /// meant, and not that one of them has the answer.
    fn coverage(&self, number: usize, question: &Question) -> f32 {
        let (own, title) = &self.terms[number];
        let (mut covered, mut all, mut titled) = (0.0, 0.0, true);
        for term in &question.own {
            let weight = self.weight(*term);
            all += weight;
            if own.binary_search(term).is_ok() {
                covered += weight;
                titled &= title.binary_search(term).is_ok();
            }
        }
        let enough = covered >= WEIGHT_AT_LEAST * self.weight_of_rarest() || titled;
        if all > 0.0 && enough { covered / all } else { 0.0 }
    }

    /// A term's inverse document frequency, as BM25 has it.
    fn weight(&self, term: Term) -> f32 {
        weight(self.len(), self.frequency.get(&term).copied().unwrap_or(0))
    }

    fn weight_of_rarest(&self) -> f32 {
        weight(self.len(), 0)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a number of sections")]
fn weight(sections: usize, frequency: usize) -> f32 {
    let (all, with) = (sections.max(SECTIONS_AT_LEAST) as f32, frequency as f32);
    (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
}

/// What of a section is indexed.
fn indexed(section: &Section) -> String {
    let named = format!("{}\n{}\n", section.heading, section.keywords).repeat(NAMED_TIMES);
    format!("{named}{}\n{}", section.source.title, section.text)
}

fn hashes(words: Words, text: &str) -> impl Iterator<Item = Term> {
    words.terms(text).map(|term| Term::embed(&term))
}

fn embedding(terms: impl IntoIterator<Item = Term>) -> Embedding<Term> {
    Embedding(terms.into_iter().map(|index| TokenEmbedding { index, value: 1.0 }).collect())
}

fn descending(a: f32, b: f32) -> Ordering {
    b.total_cmp(&a)
}
