// Faces of people: initials on a tone that is always the same for the same person.

import { Icon } from './icons.tsx';

const TONES = 8;

export function initials(name: string): string {
  const local = name.split('@')[0] ?? name;
  const words = local.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const [first = name, second = ''] = words;
  const letters = second === '' ? [...first].slice(0, 2) : [...first].slice(0, 1).concat([...second].slice(0, 1));
  return letters.join('').toLocaleUpperCase();
}

export function tone(name: string): number {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return (hash % TONES) + 1;
}

type Size = 'small' | 'normal' | 'large';

export function Face({ name, size = 'normal' }: { name: string; size?: Size }) {
  return (
    <span class={`face face-${size}`} data-tone={tone(name)} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

/** The face of the team, where no one person has spoken. */
export function BrandFace({ size = 'normal' }: { size?: Size }) {
  return (
    <span class={`face face-${size} face-brand`} aria-hidden="true">
      <Icon name="message" />
    </span>
  );
}
