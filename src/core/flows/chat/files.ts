import { GatewayError } from '../../model/errors.ts';
import { sayBytes, toFileName } from '../../model/files/names.ts';
import type { ChatFile } from '../../ports/gateway/chats.ts';
import type { FlowParts } from '../parts.ts';

/** What one message may bring. */
const FILES_MAX = 10;

/** Puts what came with a message into the workspace, in order; resolves with the paths. Nothing is fetched where one of
 *  them cannot be taken.
 *  @throws GatewayError `invalid_field` in words for the sender, `storage_unavailable` */
export async function receiveFiles(
  { workspaces, workspaceFiles, settings }: Pick<FlowParts, 'workspaces' | 'workspaceFiles' | 'settings'>,
  workspace: string,
  files: readonly ChatFile[],
): Promise<readonly string[]> {
  const { chatFileMaxBytes: maxBytes } = settings;
  if (files.length > 0 && maxBytes === 0) throw refuse('No files are taken here: send the words alone.');
  if (files.length > FILES_MAX) throw refuse(`One message may bring ${FILES_MAX} files: send the others with another.`);
  for (const { name, bytes } of files) {
    if (bytes !== null && bytes > maxBytes) throw tooLarge(name, maxBytes);
  }
  const paths: string[] = [];
  for (const file of files) {
    const fetched = await file.fetch(maxBytes);
    if (fetched.kind === 'failed') throw refuse(`The file ${toFileName(file.name)} ${fetched.why}. ${NOTHING_RUNS}`);
    if (fetched.bytes.length > maxBytes) throw tooLarge(file.name, maxBytes);
    await workspaces.ensure(workspace);
    paths.push(await workspaceFiles.receive(workspace, file.name, fetched.bytes));
  }
  return paths;
}

const ALONE = 'Files were sent: ';
const BESIDE = 'Files were sent with this: ';
const LISTED = new RegExp(`(?:^${ALONE}|\\n\\n${BESIDE})([^\\n]*)$`);

/** The words of a message, and where its files lie. */
export function toPrompt(text: string, paths: readonly string[]): string {
  if (paths.length === 0) return text;
  const list = paths.join(', ');
  return text.trim() === '' ? `${ALONE}${list}` : `${text}\n\n${BESIDE}${list}`;
}

/** The files that such a prompt names at its end. */
export function filesOf(prompt: string): readonly string[] {
  const [, list] = LISTED.exec(prompt) ?? [];
  return list === undefined ? [] : list.split(', ');
}

const NOTHING_RUNS = 'Nothing was started: send it again.';

function tooLarge(name: string, maxBytes: number): GatewayError {
  return refuse(`The file ${toFileName(name)} is larger than ${sayBytes(maxBytes)}. Nothing was started.`);
}

function refuse(message: string): GatewayError {
  return new GatewayError('invalid_field', message, { field: 'file' });
}
