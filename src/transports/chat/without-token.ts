/** What a network says goes to the log, to callers and into chats; a server between may repeat in it how it was asked. */
export function withoutToken(said: string, token: string): string {
  return said.replaceAll(token, '(the token)').replaceAll(encodeURIComponent(token), '(the token)');
}
