// Text with a little Markdown as nodes: bold, italic, code, lists, links, quotes. No HTML ever exists on the way, so
// there is none to make safe: the parser gives tokens, and only the elements and attributes named here come of them.
// A chunk of its own; rich-text.tsx loads it.

import MarkdownIt, { type StateInline, type Token } from 'markdown-it';
import { type ComponentChildren, h, type VNode } from 'preact';
import { disclosed, target } from './links.ts';

/** Of its rules only those are there that build/markdown-subset.ts leaves. */
const parser = new MarkdownIt({ maxNesting: 20 });
parser.validateLink = (address) => target(address) !== null;
parser.normalizeLink = (address) => address;
parser.inline.ruler.before('backticks', 'bare_address', bareAddress);

/** Block and inline tokens that become an element, by their tag; everything else becomes its text. */
const ELEMENTS = ['blockquote', 'em', 'li', 'ol', 'p', 'strong', 'ul'];
/** These say themselves which way their text runs. */
const DIRECTED = ['blockquote', 'ol', 'p', 'ul'];

/** The text as nodes. The text itself if nothing visible would be left of it. */
export function draw(text: string): ComponentChildren {
  const nodes = assemble(parser.parse(text, {}));
  return visible(nodes) ? nodes : text;
}

/** Tokens open and close; what stands between belongs to the innermost that is open. */
function assemble(tokens: readonly Token[]): ComponentChildren[] {
  const open: { token: Token | null; children: ComponentChildren[] }[] = [{ token: null, children: [] }];
  const add = (child: ComponentChildren) => open.at(-1)?.children.push(child);
  for (const token of tokens) {
    if (token.nesting === 1) {
      open.push({ token, children: [] });
    } else if (token.nesting === -1) {
      const closed = open.length > 1 ? open.pop() : undefined;
      if (closed?.token) add(element(closed.token, closed.children, open.length === 1));
    } else {
      add(leaf(token));
    }
  }
  return open.flatMap(({ children }) => children);
}

function leaf(token: Token): ComponentChildren {
  switch (token.type) {
    case 'inline':
      return assemble(token.children ?? []);
    case 'softbreak':
    case 'hardbreak':
      return '\n';
    case 'code_inline':
      return h('code', {}, token.content);
    case 'fence':
      return h('pre', { dir: 'ltr' }, h('code', {}, token.content.replace(/\n$/, '')));
    default:
      return token.content;
  }
}

function element(token: Token, children: ComponentChildren[], outermost: boolean): ComponentChildren {
  if (token.tag === 'a') return link(String(token.attrGet('href') ?? ''), children);
  // The one paragraph of an item in a tight list.
  if (token.hidden || !ELEMENTS.includes(token.tag)) return children;
  const attributes: Record<string, string | number> = {};
  if (outermost && DIRECTED.includes(token.tag)) attributes.dir = 'auto';
  const start = Number(token.attrGet('start') ?? Number.NaN);
  if (token.tag === 'ol' && Number.isSafeInteger(start)) attributes.start = start;
  return h(token.tag, attributes, children);
}

function link(address: string, children: ComponentChildren[]): ComponentChildren {
  const found = target(address);
  if (found === null) return children;
  const attributes = { href: found.href, target: '_blank', rel: 'noopener noreferrer ugc', title: found.href };
  const host = disclosed(textOf(children), found);
  const anchor = h('a', attributes, children);
  return host === null ? anchor : [anchor, h('span', { class: 'link-host', dir: 'ltr' }, ` (${host})`)];
}

function textOf(children: ComponentChildren): string {
  if (Array.isArray(children)) return children.map(textOf).join('');
  if (typeof children === 'object' && children !== null) return textOf((children as VNode).props.children);
  return typeof children === 'string' ? children : '';
}

function visible(children: ComponentChildren): boolean {
  return textOf(children).trim() !== '';
}

const SCHEME = /(?<![\p{L}\p{N}])https?$/iu;
/** No program takes longer ones, and whoever looks for their end has to stop somewhere. */
const MAX_ADDRESS = 2_048;
/** Ends at white space, at what closes a quotation or bracket around it, and at what turns text around. */
const ADDRESS = /:\/\/[^\s<>"`\u2018-\u201f\u00ab\u00bb\u3000-\u3003\u3008-\u3011\p{Cc}\p{Cf}]{1,2049}/uy;
const CLOSING: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

/** An inline rule: an address that stands in the text becomes a link, before its `_` and `*` mean emphasis. */
function bareAddress(state: StateInline, silent: boolean): boolean {
  // Silent is the search for the end of a link's own text, where no other link begins.
  if (silent || state.linkLevel > 0 || state.src.charCodeAt(state.pos) !== 0x3a) return false;
  const scheme = SCHEME.exec(state.pending.slice(-6))?.[0];
  if (scheme === undefined) return false;
  ADDRESS.lastIndex = state.pos;
  const found = ADDRESS.exec(state.src)?.[0];
  if (found === undefined || found.length > MAX_ADDRESS || state.pos + found.length > state.posMax) return false;
  const rest = withoutPunctuation(found);
  const address = scheme + rest;
  if (target(address) === null) return false;
  state.pending = state.pending.slice(0, -scheme.length);
  state.push('link_open', 'a', 1).attrs = [['href', address]];
  state.push('text', '', 0).content = address;
  state.push('link_close', 'a', -1);
  state.pos += rest.length;
  return true;
}

/** What ends a sentence does not end an address, and a bracket only if it was opened in it. */
function withoutPunctuation(address: string): string {
  let end = address.length;
  const count = (letter: string) => address.slice(0, end).split(letter).length;
  while (end > 0) {
    const last = address[end - 1] ?? '';
    const opening = CLOSING[last];
    if (opening === undefined ? !/[.,;:!?'*_~|…。、！？]/.test(last) : count(opening) >= count(last)) break;
    end -= 1;
  }
  return address.slice(0, end);
}
