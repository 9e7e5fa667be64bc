/** Who asked, and where. Over HTTP: `user_id` is the key's id, `channel_id` the caller's `chatId` or `http-api`. */
export interface Identity {
  readonly transport: string;
  readonly user_id: string | null;
  readonly channel_id: string;
  readonly thread_id: string | null;
}
