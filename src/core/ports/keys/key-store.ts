import type { By } from '../audit/audit-store.ts';
import type { KeyRecord } from '../../model/keys/key.ts';

/** The keys of callers, but for HTTP_API_KEY. */
export interface KeyStore {
  addKey(key: KeyRecord, by?: By): Promise<void>;
  readKey(id: string): Promise<KeyRecord | null>;
  /** In the order in which they were made, also those that have expired. */
  listKeys(): Promise<readonly KeyRecord[]>;
  /** Another secret for a key; null when it is gone. */
  rotateKey(id: string, sha256: string, by?: By): Promise<KeyRecord | null>;
  /** False when it is gone already. */
  deleteKey(id: string, by?: By): Promise<boolean>;
  /** Notes when it was used. */
  touchKey(id: string, at: number): Promise<void>;
}
