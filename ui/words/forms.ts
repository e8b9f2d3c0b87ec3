// Helpers for message files: numbers and plurals in one language, and names that cannot disturb the sentence around them.

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Gives a function that picks the form for a number; `#` in it is the number as the language writes it. */
export function counting(language: string): (n: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (n, forms) => (forms[rules.select(n)] ?? forms.other).replaceAll('#', numbers.format(n));
}

const DIRECTED = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;
const OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/g;

/** Gives a function that joins names as the language does. */
export function listing(language: string): (names: readonly string[]) => string {
  const format = new Intl.ListFormat(language, { type: 'conjunction' });
  return (names) => format.format(names.map(isolated));
}

/** For plain text, where no element can isolate: what a name says about direction ends with the name. */
export function isolated(name: string): string {
  return DIRECTED.test(name) ? `\u2068${name.replace(OVERRIDES, '')}\u2069` : name;
}
