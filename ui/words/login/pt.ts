// What the page of the login says, in Portuguese.

import { counting, isolated } from '../forms.ts';
import type { LoginWords } from './en.ts';

const count = counting('pt');

export const login: LoginWords = {
  signIn: 'Entrar',
  forTheTeam: 'Para quem responde aos visitantes deste site.',
  email: 'E-mail',
  password: 'Senha',
  name: 'Nome',
  nameWhy: 'Os seus visitantes e colegas o veem.',
  passwordWhy: 'Pelo menos 15 caracteres. Quatro ou cinco palavras sem relação entre si são fáceis de lembrar.',
  setUpTitle: 'Preparar o posto de atendimento',
  setUpWhy: 'Você será o primeiro proprietário e poderá convidar outras pessoas.',
  setUp: 'Criar a conta',
  joinTitle: 'Juntar-se à equipe',
  joinAs: (email) => `O convite é para ${isolated(email)}.`,
  join: 'Juntar-se',
  wrong: 'O e-mail ou a senha não estão corretos.',
  locked: (seconds) => count(seconds, { other: 'Tentativas demais. Você pode tentar de novo em # s.' }),
  tooShort: 'Esta senha tem menos de 15 caracteres.',
  tooLong: 'Esta senha é longa demais.',
  guessable: 'Esta senha é fácil de adivinhar. Use outras palavras.',
  emailRefused: 'Escreva um endereço de e-mail.',
  nameRefused: 'Escreva um nome de no máximo 100 letras.',
  changePassword: 'Alterar a senha',
  changeWhy: 'Sua sessão será encerrada em todos os outros navegadores.',
  currentPassword: 'Senha atual',
  newPassword: 'Nova senha',
  change: 'Alterar a senha',
  notCurrent: 'Esta não é a sua senha atual.',
  backToDesk: 'Voltar ao posto de atendimento',
  linkVoid: 'Este link não funciona mais',
  linkVoidWhy: 'Ele foi usado, retirado ou é antigo demais. Peça um novo.',
  toSignIn: 'Ir para a entrada',
  notNow: 'Não funcionou agora. Tente de novo em instantes.',
  needsTls: 'Esta página precisa de https',
  needsTlsWhy:
    'Sem https, os navegadores não mantêm a sessão. Abra-a com https ou, no próprio servidor, por 127.0.0.1.',
};
