// The places where the words of a search stand. The wire counts bytes of UTF-8, text on a page counts UTF-16 units.

import type { Hit } from '../client/frames.ts';

export interface Piece {
  text: string;
  found: boolean;
}

/** As much before the first place as tells what it is about. */
const LEAD = 32;
const LENGTH = 180;

function bytes(codePoint: number): number {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}

/** The same places in units of the string. What lies beyond it or within a letter is moved to the next one. */
export function places(content: string, highlights: Hit['highlights']): [number, number][] {
  const wanted = [...new Set(highlights.flat())].sort((a, b) => a - b);
  const units = new Map<number, number>();
  let [byte, unit, next] = [0, 0, 0];
  for (const letter of content) {
    while (next < wanted.length && (wanted[next] ?? 0) <= byte) units.set(wanted[next++] ?? 0, unit);
    if (next === wanted.length) break;
    byte += bytes(letter.codePointAt(0) ?? 0);
    unit += letter.length;
  }
  const unitOf = (offset: number) => units.get(offset) ?? content.length;
  return highlights
    .map(([start, end]): [number, number] => [unitOf(start), unitOf(end)])
    .filter(([start, end]) => start < end)
    .sort(([a], [b]) => a - b);
}

/** The part of the text around the first place, cut into what was found and what was not. */
export function pieces({ content, highlights }: Pick<Hit, 'content' | 'highlights'>): Piece[] {
  const found = places(content, highlights);
  const first = found[0]?.[0] ?? 0;
  const from = first <= LEAD ? 0 : boundary(content, first - LEAD);
  const to = Math.min(content.length, from + LENGTH);
  const cut: Piece[] = from > 0 ? [{ text: '…', found: false }] : [];
  let at = from;
  for (const [start, end] of found) {
    if (end <= at || start >= to) continue;
    const begin = Math.max(start, at);
    if (begin > at) cut.push({ text: content.slice(at, begin), found: false });
    at = Math.min(end, to);
    cut.push({ text: content.slice(begin, at), found: true });
  }
  if (at < to) cut.push({ text: content.slice(at, to), found: false });
  if (to < content.length) cut.push({ text: '…', found: false });
  return cut;
}

/** Not within a pair of surrogates, and after a space if there is one near. */
function boundary(content: string, index: number): number {
  const space = content.indexOf(' ', index);
  if (space >= 0 && space < index + LEAD / 2) return space + 1;
  return /[\udc00-\udfff]/.test(content[index] ?? '') ? index + 1 : index;
}

export function Highlighted({ hit }: { hit: Pick<Hit, 'content' | 'highlights'> }) {
  return (
    <>
      {pieces(hit).map(({ text, found }, index) =>
        found ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
      )}
    </>
  );
}
