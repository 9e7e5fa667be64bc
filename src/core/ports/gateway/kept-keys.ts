/** The keys of submissions that are remembered until they are released. */
export interface KeptKeysApi {
  /** Those of an owner. */
  list(owner: string): Promise<readonly string[]>;
  release(owner: string, key: string): Promise<void>;
}
