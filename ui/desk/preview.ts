// A message in one line of the list: without the marks that make Markdown of a text, since nothing is drawn of them there.

/** Fences, marks of quotes, lists and headings, where a line begins. */
const LINE_MARKS = /^\s*(?:`{3,}\S*|~{3,}\S*|(?:>\s?)+|[-+*]\s+)/gm;
const LINK = /!?\[([^\]\n]*)\]\(\s*[^)\s]*\s*\)/g;
/** In pairs around something, as Markdown wants them: `2 * 3 * 4` stays. */
const EMPHASIS = /(\*\*|__|\*|_|`)(?=\S)([^*_`\n]*[^*_`\s])\1(?![\p{L}\p{N}])/gu;

export function preview(text: string): string {
  return text.replace(LINE_MARKS, '').replace(LINK, '$1').replace(EMPHASIS, '$2').replace(/\s+/g, ' ').trim() || text;
}
