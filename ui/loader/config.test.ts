import { expect, test } from 'vitest';
import { merged } from './config.ts';

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
