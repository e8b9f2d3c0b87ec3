import { expect, test } from 'vitest';
import { composed, merged } from './config.ts';

test('a later layer wins, and what it does not say stays', () => {
  const served = { accent: '#123456', title: 'Shop', side: 'start' };
  expect(merged(served, { accent: '#fff', title: undefined })).toEqual({
    accent: '#fff',
    title: 'Shop',
    side: 'start',
  });
  expect(merged(undefined, null, 'text', 7)).toEqual({});
});

test('what cannot be is left out, and costs nothing else', () => {
  const wrong = {
    accent: 'red;} * {display:none',
    side: 'left',
    offset: { inline: -1, block: 20 },
    icon: 'javascript:alert(1)',
    theme: 'sepia',
    zIndex: '1;',
    title: '  ',
    greeting: 3,
    token: 'secret',
  };
  expect(merged({ title: 'Shop' }, wrong)).toEqual({ title: 'Shop' });
  const right = {
    accent: '#ABCDEF',
    offset: { inline: 0, block: 400 },
    icon: '/icons/chat.svg',
    theme: 'dark',
    zIndex: -1,
    intro: 'Ask.',
    launcher: 'Ask us',
    lang: 'pt-BR',
  };
  expect(merged(right)).toEqual(right);
  expect(merged({ icon: 'https://cdn.example/i.png' })).toEqual({ icon: 'https://cdn.example/i.png' });
});

test('a page chooses among the languages that the server allows', () => {
  const served = { lang: 'fr-CH', languages: ['de', 'fr'], title: 'Shop' };
  for (const [chosen, spoken] of [
    [undefined, 'fr-CH'],
    ['de-AT', 'de-AT'],
    ['FR', 'FR'],
    ['ja', 'fr-CH'],
    ['en', 'fr-CH'],
    ['den', 'fr-CH'],
  ]) {
    expect(composed(served, { lang: chosen })).toEqual({ lang: spoken, title: 'Shop' });
  }
  expect(composed({ lang: 'de' }, { lang: 'ja' })).toEqual({ lang: 'ja' });
  expect(composed({ lang: 'en', languages: ['en'] }, {})).toEqual({ lang: 'en' });
  expect(composed(undefined, { lang: 'ja' })).toEqual({ lang: 'ja' });
});
