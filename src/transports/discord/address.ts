import { GatewayError } from '../../core/model/errors.ts';

export const NAME = 'discord';
const PREFIX = `${NAME}:`;
const SNOWFLAKE = /^[1-9]\d{0,19}$/;

/** `discord:<channel>`, the id of a channel or of a thread.
 *  @throws GatewayError `invalid_field` with this field for anything else. */
export function parseAddress(address: string, field: string): string {
  if (address.startsWith(PREFIX) && SNOWFLAKE.test(channelOf(address))) return address;
  throw new GatewayError('invalid_field', `${field}: a place on Discord is discord:<id of a channel or thread>`, {
    field,
  });
}

export function channelOf(address: string): string {
  return address.slice(PREFIX.length);
}

export function toAddress(channel: string): string {
  return PREFIX + channel;
}

/** Where people find it. */
export function toLink(guild: string, channel: string): string {
  return `https://discord.com/channels/${guild}/${channel}`;
}
