import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onAccent } from './accent.ts';

/** WCAG 2's relative luminance, to the letter. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const whole = (colour: string) => (colour === '#fff' ? '#ffffff' : '#000000');

test('text on any accent has a contrast of 4.5', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (rgb) => {
      const accent = `#${rgb.toString(16).padStart(6, '0')}`;
      expect(contrast(accent, whole(onAccent(accent)))).toBeGreaterThanOrEqual(4.5);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['#000', '#fff'],
  ['#fff', '#000'],
  ['#FFD84D', '#000'],
  ['#0f766e', '#fff'],
  ['#777777', '#000'],
  [undefined, '#fff'],
])('on %s stands %s', (accent, on) => {
  expect(onAccent(accent)).toBe(on);
});
