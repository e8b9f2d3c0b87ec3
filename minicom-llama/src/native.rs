//! llama.cpp as a [`Model`].

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    hash::{BuildHasher, RandomState},
    num::NonZeroU32,
    sync::OnceLock,
};

use llama_cpp_2::{
    DecodeError as NativeError, LogOptions,
    context::{LlamaContext, params::LlamaContextParams},
    llama_backend::LlamaBackend,
    llama_batch::LlamaBatch,
    model::{LlamaChatMessage, LlamaChatTemplate, LlamaModel, params::LlamaModelParams},
    sampling::LlamaSampler,
    send_logs_to_tracing,
    token::LlamaToken,
    token_type::LlamaTokenAttr,
};

use crate::{
    error::{OpenError, OpenErrorKind},
    model::{DecodeError, Entry, Model},
    options::{LlamaOptions, Sampling},
    pool::Sequence,
    prompt::{Token, Vocabulary},
    template::{self, Speaker},
};

/// llama.cpp is set up once in a process, and stays so: freeing it while another model is open would be a crash.
fn backend() -> Result<&'static LlamaBackend, OpenError> {
    static BACKEND: OnceLock<Option<LlamaBackend>> = OnceLock::new();
    let init = || {
        send_logs_to_tracing(LogOptions::default());
        LlamaBackend::init().ok()
    };
    BACKEND.get_or_init(init).as_ref().ok_or_else(|| {
        OpenError::new(OpenErrorKind::Refused, "somebody else in this process has set llama.cpp up already")
    })
}

/// Loads the weights.
pub(crate) fn load(options: &LlamaOptions) -> Result<LlamaModel, OpenError> {
    let params = LlamaModelParams::default().with_n_gpu_layers(options.gpu_layers);
    LlamaModel::load_from_file(backend()?, &options.model, &params).map_err(|error| {
        OpenError::new(OpenErrorKind::Refused, "llama.cpp does not take the file").because(error)
    })
}

/// A number that the options were checked to fit.
fn small<T: TryFrom<usize> + Default>(number: usize) -> T {
    T::try_from(number).unwrap_or_default()
}

/// A model with a context on its thread.
pub(crate) struct Native<'model> {
    model: &'model LlamaModel,
    context: LlamaContext<'model>,
    batch: LlamaBatch<'static>,
    template: LlamaChatTemplate,
    sampling: Sampling,
    /// Tokens that mean something in the template, and so must not come of what somebody says.
    special: HashSet<LlamaToken>,
    /// Markers that were read before.
    markers: RefCell<HashMap<String, Vec<Token>>>,
}

impl<'model> Native<'model> {
    pub(crate) fn new(model: &'model LlamaModel, options: &LlamaOptions) -> Result<Self, OpenError> {
        let threads = small(options.threads());
        let batch: u32 = small(options.batch);
        let params = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(small(options.cells())))
            .with_n_batch(batch)
            .with_n_ubatch(batch)
            .with_n_seq_max(small(options.slots() + options.prefixes()))
            .with_n_threads(threads)
            .with_n_threads_batch(threads)
            .with_no_perf(true)
            // One store for all sequences: instructions are shared by reference, and who says little takes little.
            .with_kv_unified(true);
        let context = model.new_context(backend()?, params).map_err(|error| {
            OpenError::new(OpenErrorKind::Refused, "llama.cpp does not make a context of that size")
                .because(error)
        })?;
        let template = match &options.template {
            Some(name) => LlamaChatTemplate::new(name).ok(),
            None => model.chat_template(None).ok(),
        };
        let none = || OpenError::new(OpenErrorKind::Template, "the model has no chat template");
        let mut native = Self {
            model,
            context,
            batch: LlamaBatch::new(options.batch, 1),
            template: template.ok_or_else(none)?,
            sampling: options.sampling.clone(),
            special: HashSet::new(),
            markers: RefCell::default(),
        };
        native.special = native.probe()?;
        Ok(native)
    }

    /// Tries the template on a conversation, and finds the tokens that it is made of.
    fn probe(&self) -> Result<HashSet<LlamaToken>, OpenError> {
        let speakers = [Speaker::System, Speaker::User, Speaker::Assistant, Speaker::User];
        let unknown = || {
            OpenError::new(
                OpenErrorKind::Template,
                "llama.cpp does not know the chat template, or it drops messages",
            )
        };
        let markers = self.markers(&speakers).ok_or_else(unknown)?;
        let vocabulary = self.model.vocab();
        let marked = markers.concat().into_iter().map(LlamaToken);
        // Some files call their markers words of the user's own, which llama.cpp finds in any text.
        Ok(marked.filter(|token| vocabulary.attr(*token).contains(LlamaTokenAttr::UserDefined)).collect())
    }

    /// Whether a token is more than text.
    fn is_special(&self, token: LlamaToken) -> bool {
        let vocabulary = self.model.vocab();
        vocabulary.is_control(token) || vocabulary.is_eog(token) || self.special.contains(&token)
    }

    /// Reads a marker as the special tokens that it is.
    fn marker(&self, text: &str) -> Vec<Token> {
        if let Some(known) = self.markers.borrow().get(text) {
            return known.clone();
        }
        let tokens: Vec<Token> =
            self.model.vocab().tokenize(text.as_bytes(), false, true).iter().map(|token| token.0).collect();
        self.markers.borrow_mut().insert(text.to_owned(), tokens.clone());
        tokens
    }

    fn render(&self, speakers: &[Speaker]) -> Option<Vec<String>> {
        let message = |(number, speaker): (usize, &Speaker)| {
            LlamaChatMessage::new(word(*speaker).to_owned(), template::placeholder(number)).ok()
        };
        let messages: Vec<_> = speakers.iter().enumerate().map(message).collect::<Option<_>>()?;
        let rendered = self.model.apply_chat_template(&self.template, &messages, true).ok()?;
        template::markers(&rendered, speakers.len())
    }
}

impl Vocabulary for Native<'_> {
    fn text(&self, text: &str) -> Vec<Token> {
        let vocabulary = self.model.vocab();
        let mut tokens = Vec::new();
        for token in vocabulary.tokenize(text.as_bytes(), false, false) {
            if !self.is_special(token) {
                tokens.push(token.0);
                continue;
            }
            // It was found in the text although it was not asked for: its letters are read one by one.
            for byte in vocabulary.token_to_piece(token, true, None).chunks(1) {
                let letter = vocabulary.tokenize(byte, false, false);
                tokens.extend(letter.iter().filter(|token| !self.is_special(**token)).map(|token| token.0));
            }
        }
        tokens
    }

    fn markers(&self, speakers: &[Speaker]) -> Option<Vec<Vec<Token>>> {
        let mut markers: Vec<_> = self.render(speakers)?.iter().map(|marker| self.marker(marker)).collect();
        let vocabulary = self.model.vocab();
        // Some templates begin with the token that begins all text, and some leave it to the tokenizer.
        let (first, begin) = (markers.first_mut()?, vocabulary.bos().0);
        if vocabulary.should_add_bos() && first.first() != Some(&begin) {
            first.insert(0, begin);
        }
        Some(markers)
    }
}

impl Model for Native<'_> {
    type Sampler = LlamaSampler;

    fn sampler(&mut self) -> LlamaSampler {
        let Sampling { temperature, top_p, top_k, min_p, repeat_penalty, repeat_last, seed } = self.sampling;
        let mut chain = Vec::new();
        if repeat_last > 0 && (repeat_penalty - 1.0).abs() > f32::EPSILON {
            let last = i32::try_from(repeat_last).unwrap_or(i32::MAX);
            chain.push(LlamaSampler::penalties(self.model.n_vocab(), last, repeat_penalty, 0.0, 0.0));
        }
        if temperature <= 0.0 {
            chain.push(LlamaSampler::greedy());
            return LlamaSampler::chain(chain, true);
        }
        if top_k > 0 {
            chain.push(LlamaSampler::top_k(i32::try_from(top_k).unwrap_or(i32::MAX)));
        }
        chain.push(LlamaSampler::top_p(top_p, 1));
        chain.push(LlamaSampler::min_p(min_p, 1));
        chain.push(LlamaSampler::temp(temperature));
        chain.push(LlamaSampler::dist(seed.unwrap_or_else(random)));
        LlamaSampler::chain(chain, true)
    }

    fn decode(&mut self, batch: &[Entry]) -> Result<(), DecodeError> {
        self.batch.clear();
        for entry in batch {
            let (position, sequence) = (small(entry.position), small(entry.sequence));
            let added = self.batch.add(LlamaToken(entry.token), position, &[sequence], entry.sampled);
            added.map_err(|_| DecodeError::Failed(0))?;
        }
        self.context.decode(&mut self.batch).map_err(|error| match error {
            NativeError::NoKvCacheSlot => DecodeError::NoRoom,
            NativeError::NTokensZero => DecodeError::Failed(-1),
            NativeError::Unknown(code) => DecodeError::Failed(code),
        })
    }

    fn sample(&mut self, sampler: &mut LlamaSampler, entry: usize) -> Token {
        sampler.sample(&self.context, small(entry)).0
    }

    fn ends(&self, token: Token) -> bool {
        self.model.vocab().is_eog(LlamaToken(token))
    }

    fn bytes(&self, token: Token) -> Vec<u8> {
        self.model.vocab().token_to_piece(LlamaToken(token), false, None)
    }

    fn copy(&mut self, from: Sequence, to: Sequence) {
        // Fails for positions beyond 2³¹ alone, and there are none.
        drop(self.context.copy_kv_cache_seq(small(from), small(to), None, None));
    }

    fn shorten(&mut self, sequence: Sequence, tokens: usize) -> bool {
        self.context.kv_cache_seq_rm(small(sequence), Some(small(tokens)), None).is_ok()
    }

    fn reset(&mut self) {
        self.context.clear_kv_cache();
    }
}

/// The template's word.
fn word(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::System => "system",
        Speaker::User => "user",
        Speaker::Assistant => "assistant",
    }
}

/// A number that nobody knows: the standard library draws it to seed its hash maps.
fn random() -> u32 {
    let [a, b, c, d, ..] = RandomState::new().hash_one(()).to_ne_bytes();
    u32::from_ne_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests;
