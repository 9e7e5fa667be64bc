import { access, constants, mkdir, realpath } from 'node:fs/promises';

/** Creates the folder when it is missing and returns its real path.
 *  @throws Error that names the variable to change. */
export async function openFolder(variable: string, folder: string, mode = 0o777): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode });
    await access(folder, constants.W_OK | constants.X_OK);
    return await realpath(folder);
  } catch (cause) {
    const why = 'is not a folder that this user can write';
    throw new Error(`${variable}: ${folder} ${why}: repair it or choose another`, { cause });
  }
}
