// What the page of the login says, in English, and the type of all others.

import { counting, isolated } from '../forms.ts';

const count = counting('en');

export const login = {
  signIn: 'Sign in',
  forTheTeam: 'For those who answer the visitors of this site.',
  email: 'Email',
  password: 'Password',
  name: 'Name',
  nameWhy: 'Your visitors and colleagues see it.',
  passwordWhy: 'At least 15 characters. Four or five words that do not belong together are easy to remember.',
  setUpTitle: 'Set up the desk',
  setUpWhy: 'You will be its first owner, and can invite others.',
  setUp: 'Create the account',
  joinTitle: 'Join the team',
  joinAs: (email: string) => `The invitation is for ${isolated(email)}.`,
  join: 'Join',
  wrong: 'The email or the password is not right.',
  locked: (seconds: number) => count(seconds, { other: 'Too many attempts. You can try again in # s.' }),
  tooShort: 'This password has fewer than 15 characters.',
  tooLong: 'This password is too long.',
  guessable: 'This password is easy to guess. Take other words.',
  emailRefused: 'Enter an email address.',
  nameRefused: 'Enter a name of at most 100 letters.',
  changePassword: 'Change your password',
  changeWhy: 'All other browsers in which you are signed in are signed out.',
  currentPassword: 'Current password',
  newPassword: 'New password',
  change: 'Change the password',
  notCurrent: 'This is not your current password.',
  backToDesk: 'Back to the desk',
  linkVoid: 'This link does not work any more',
  linkVoidWhy: 'It is used, withdrawn or too old. Ask for a new one.',
  toSignIn: 'Go to the sign-in',
  notNow: 'That did not work just now. Try again in a moment.',
  needsTls: 'This page needs https',
  needsTlsWhy:
    'Browsers keep no sign-in of a page that came without it. Open it by https, or on the server’s own machine by 127.0.0.1.',
};

export type LoginWords = typeof login;
