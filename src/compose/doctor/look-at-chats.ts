import { fault, type Finding, type Look, note, well } from './finding.ts';

const TIMEOUT_MS = 4_000;

/** Whether each network knows the bot. A token is never shown. */
export const lookAtChats: Look = async ({ config: { telegram, discord } }) => {
  const found = await Promise.all([
    telegram === null
      ? []
      : lookAt(
          'telegram',
          'TELEGRAM_BOT_TOKEN',
          `${telegram.apiRoot}/bot${telegram.token}/getMe`,
          {},
          telegram.access.communities,
        ),
    discord === null
      ? []
      : lookAt(
          'discord',
          'DISCORD_BOT_TOKEN',
          `${discord.apiRoot}/v10/users/@me`,
          { authorization: `Bot ${discord.token}` },
          discord.access.communities,
        ),
  ]);
  return found.flat();
};

async function lookAt(
  network: 'telegram' | 'discord',
  variable: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  allowed: readonly string[],
): Promise<readonly Finding[]> {
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
  if (answer === null) return [fault(network, 'does not answer', `let this machine reach it, or unset ${variable}`)];
  await answer.body?.cancel();
  if (answer.status === 401 || answer.status === 404)
    return [fault(network, 'does not know the token', `set ${variable} to the token of the bot`)];
  if (allowed.length > 0) return [well(network, 'knows the bot')];
  const list = network === 'telegram' ? 'ALLOWED_CHATS' : 'DISCORD_ALLOWED_GUILDS';
  return [note(network, 'nobody may speak to the bot', `name who may in ${list}`)];
}
