import type { RequestRecord } from '../model/request.ts';

/** Where answers are written as files. */
export interface ResponseFiles {
  /** Resolves when the file is on disk. Written again for the same request, it is still one file.
   *  `name`: without its ending; a file of this name that holds another answer stays as it is. */
  write(name: string, request: RequestRecord): Promise<void>;
  /** Rejects with what is wrong when nothing can be written. */
  check(): Promise<void>;
}
