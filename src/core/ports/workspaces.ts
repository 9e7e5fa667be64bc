/** The folders in which agents work. */
export interface Workspaces {
  /** Creates the folder when it is missing and returns its real, absolute path.
   *  @throws GatewayError `invalid_field` (field `workspace`) when it is a file, a link that leads out of the root, or not writable. */
  ensure(workspace: string): Promise<string>;
}
