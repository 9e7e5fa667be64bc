import {
  ApplicationCommandOptionType,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type Client,
  Events,
  type Interaction,
  MessageFlags,
  type RESTPostAPIApplicationCommandsJSONBody,
  Routes,
} from 'discord.js';
import { CHAT_COMMANDS, type ChatPlace, type Speaker } from '../../../core/model/chat.ts';
import type { ChatReply, ChatsApi } from '../../../core/ports/gateway/chats.ts';
import type { Log } from '../../../core/ports/log.ts';
import { toWords } from '../outcome.ts';
import { bare, TEXT_MAX } from '../words/text.ts';
import { type InOrder, wayOf } from '../../chat/in-order.ts';
import { type Places, toPlace } from './places.ts';

export interface InteractionsDeps {
  readonly chats: Pick<ChatsApi, 'said' | 'pressed'>;
  readonly places: Places;
  readonly inOrder: InOrder;
  readonly log: Log;
}

type Pressed = ButtonInteraction | ChatInputCommandInteraction;

const STRANGER: ChatReply = { text: 'You may not speak to agents here.' };
const NO_THREAD: ChatReply = {
  text: 'No agent is spoken to here. Write in a thread of the tasks channel, or bind this place: /new <workspace>',
};

/** Buttons and commands. Discord waits three seconds for a first word, so it gets that at once; the answer is for the one
 *  who pressed alone. */
export function listenToInteractions(client: Client, deps: InteractionsDeps): void {
  client.on(Events.InteractionCreate, (interaction) => {
    if (!interaction.isButton() && !interaction.isChatInputCommand()) return;
    const isTaken = take(interaction, deps.log);
    const way = interaction.isButton() ? 'beside' : wayOf(`/${interaction.commandName}`, false);
    void deps.inOrder.add(interaction.channelId, way, async () => {
      const reply = await act(deps, interaction);
      if (await isTaken) await answer(interaction, reply, deps.log);
    });
  });
}

async function take(interaction: Pressed, log: Log): Promise<boolean> {
  try {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    return true;
  } catch (error) {
    log.warn({ error: toWords(error) }, 'discord.not_deferred');
    return false;
  }
}

async function act({ chats, places }: InteractionsDeps, interaction: Pressed): Promise<ChatReply> {
  const place = toPlace(interaction.channel);
  if (place === null) return NO_THREAD;
  const speaker = toSpeaker(interaction);
  if (interaction.isButton()) return chats.pressed({ place, speaker, data: interaction.customId });
  // That alone makes a place of one.
  const isOurs = interaction.commandName === 'new' || (await places.find(interaction.channel)) !== null;
  return isOurs ? command(chats, interaction, place, speaker) : NO_THREAD;
}

async function command(
  chats: Pick<ChatsApi, 'said'>,
  { id, commandName, options }: ChatInputCommandInteraction,
  place: ChatPlace,
  speaker: Speaker,
): Promise<ChatReply> {
  const words = options.data.map(({ value }) => String(value ?? ''));
  const text = [`/${commandName}`, ...words].join(' ');
  return (await chats.said({ place, messageId: id, speaker, text, files: [], isForwarded: false })) ?? STRANGER;
}

function toSpeaker({ user }: Interaction): Speaker {
  return { id: user.id, name: user.displayName, isProgram: user.bot || user.system };
}

async function answer(interaction: Pressed, { text }: ChatReply, log: Log): Promise<void> {
  try {
    await interaction.editReply({ content: bare(text, TEXT_MAX), allowedMentions: { parse: [] } });
  } catch (error) {
    log.warn({ error: toWords(error) }, 'discord.not_replied');
  }
}

/** In the menus of these servers. */
export async function nameCommands(client: Client<true>, guild: string, log: Log): Promise<void> {
  const body = CHAT_COMMANDS.map(({ name, description }): RESTPostAPIApplicationCommandsJSONBody => ({
    name,
    description,
    ...(name === 'new' && { options: [WORKSPACE] }),
  }));
  try {
    await client.rest.put(Routes.applicationGuildCommands(client.application.id, guild), { body });
  } catch (error) {
    log.warn({ guild, error: toWords(error) }, 'discord.commands_not_named');
  }
}

const WORKSPACE = {
  type: ApplicationCommandOptionType.String as const,
  name: 'workspace',
  description: 'The name of the workspace',
  required: true,
};
