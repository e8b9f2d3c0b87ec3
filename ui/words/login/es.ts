// What the page of the login says, in Spanish.

import { counting, isolated } from '../forms.ts';
import type { LoginWords } from './en.ts';

const count = counting('es');

export const login: LoginWords = {
  signIn: 'Iniciar sesión',
  forTheTeam: 'Para quienes responden a los visitantes de este sitio.',
  email: 'Correo electrónico',
  password: 'Contraseña',
  name: 'Nombre',
  nameWhy: 'Lo ven sus visitantes y sus compañeros.',
  passwordWhy: 'Al menos 15 caracteres. Cuatro o cinco palabras sin relación entre sí son fáciles de recordar.',
  setUpTitle: 'Preparar el puesto de atención',
  setUpWhy: 'Usted será el primer propietario y podrá invitar a otros.',
  setUp: 'Crear la cuenta',
  joinTitle: 'Unirse al equipo',
  joinAs: (email) => `La invitación es para ${isolated(email)}.`,
  join: 'Unirse',
  wrong: 'El correo o la contraseña no son correctos.',
  locked: (seconds) => count(seconds, { other: 'Demasiados intentos. Podrá intentarlo de nuevo en # s.' }),
  tooShort: 'Esta contraseña tiene menos de 15 caracteres.',
  tooLong: 'Esta contraseña es demasiado larga.',
  guessable: 'Esta contraseña es fácil de adivinar. Elija otras palabras.',
  emailRefused: 'Escriba una dirección de correo.',
  nameRefused: 'Escriba un nombre de 100 letras como máximo.',
  changePassword: 'Cambiar la contraseña',
  changeWhy: 'Se cerrará la sesión en todos los demás navegadores.',
  currentPassword: 'Contraseña actual',
  newPassword: 'Contraseña nueva',
  change: 'Cambiar la contraseña',
  notCurrent: 'Esta no es su contraseña actual.',
  backToDesk: 'Volver al puesto de atención',
  linkVoid: 'Este enlace ya no funciona',
  linkVoidWhy: 'Se usó, se retiró o es demasiado antiguo. Pida uno nuevo.',
  toSignIn: 'Ir al inicio de sesión',
  notNow: 'No ha funcionado en este momento. Inténtelo de nuevo enseguida.',
  needsTls: 'Esta página necesita https',
  needsTlsWhy:
    'Sin https, los navegadores no conservan la sesión. Ábrala con https o, en el propio servidor, con 127.0.0.1.',
};
