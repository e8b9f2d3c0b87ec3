//! A chat template, taken apart. Its markers are the model's own and are read as special tokens; what people say never is.
//!
//! llama.cpp renders a template around placeholders, and what lies between them are the markers. So a message cannot reach
//! the renderer, and a marker that somebody types is text like any other.

/// Who speaks, as a template sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// The instructions.
    System,
    /// The visitor.
    User,
    /// We: agents, and the AI that speaks for them.
    Assistant,
}

/// Stands for the message of that number. Letters and digits, so that no template trims or escapes it; the same length for
/// all numbers, so that none is the beginning of another.
pub(crate) fn placeholder(number: usize) -> String {
    format!("qz{number:08}zq")
}

/// The markers of a rendered template: before the first message, between each two, and after the last. `None` unless each of
/// `messages` placeholders is there once and in order.
pub(crate) fn markers(rendered: &str, messages: usize) -> Option<Vec<String>> {
    let mut markers = Vec::with_capacity(messages + 1);
    let mut rest = rendered;
    for number in 0..messages {
        let (before, after) = rest.split_once(&placeholder(number))?;
        markers.push(before.to_owned());
        rest = after;
    }
    markers.push(rest.to_owned());
    // A placeholder that is left over stands twice, or out of order.
    let left = |marker: &String| (0..messages).any(|number| marker.contains(&placeholder(number)));
    (!markers.iter().any(left)).then_some(markers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_what_is_between_messages() {
        let rendered = format!(
            "<|im_start|>system\n{}<|im_end|>\n<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n",
            placeholder(0),
            placeholder(1)
        );
        assert_eq!(
            markers(&rendered, 2).unwrap(),
            ["<|im_start|>system\n", "<|im_end|>\n<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n"]
        );
    }

    #[test]
    fn a_template_that_drops_repeats_or_swaps_messages_is_none_of_ours() {
        let [a, b] = [placeholder(0), placeholder(1)];
        for rendered in
            [String::new(), a.clone(), format!("{b}{a}"), format!("{a}{a}{b}"), format!("{a}{b}{b}")]
        {
            assert_eq!(markers(&rendered, 2), None, "{rendered}");
        }
        assert_eq!(markers(&format!("{a}{b}"), 2).unwrap(), ["", "", ""]);
    }

    #[test]
    fn no_placeholder_is_part_of_another() {
        let all: Vec<_> = (0..1200).map(placeholder).collect();
        let rendered = all.concat();
        assert_eq!(markers(&rendered, all.len()).unwrap().len(), 1201);
    }
}
