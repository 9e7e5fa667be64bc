import { DefaultRestOptions, type RESTOptions } from 'discord.js';
import { withoutToken } from '../chat/without-token.ts';

type Request = RESTOptions['makeRequest'];

/** As the client of Discord asks by itself; what is answered instead of success says nothing of the token. */
export function createRequest(token: string): Request {
  return async (url, init) => {
    const response = await DefaultRestOptions.makeRequest(url, init);
    if (response.ok || response.status < 400) return response;
    const { status, statusText, headers } = response;
    const text = withoutToken(await response.text(), token);
    return new Response(text, { status, statusText, headers: [...headers.entries()] }) as Awaited<ReturnType<Request>>;
  };
}
