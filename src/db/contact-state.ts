import type { Updateable } from "kysely";
import type { ContactState } from "../domain/contact.ts";
import type { ContactId } from "../domain/ids.ts";
import type { Db } from "./database.ts";
import type { ContactsTable } from "./tables.ts";

/** Every move a contact has; `redial` takes `exhausted` back to `waiting`, a new scrub run may free `blocked`. */
export const contactMoves: Readonly<Record<ContactState, readonly ContactState[]>> = {
  waiting: ["planned", "waiting", "blocked", "held", "cancelled", "done", "exhausted"],
  planned: ["waiting", "done", "exhausted", "blocked", "held", "cancelled"],
  done: ["waiting", "done", "blocked", "held"],
  exhausted: ["waiting", "done", "blocked", "cancelled", "held"],
  blocked: ["waiting", "cancelled"],
  held: ["waiting", "cancelled", "blocked", "done"],
  cancelled: [],
};

export interface ContactMove {
  id: ContactId;
  from: readonly ContactState[];
  to: ContactState;
  now: Date;
  set?: Omit<Updateable<ContactsTable>, "id" | "account_id" | "campaign_id" | "state" | "updated_at">;
}

/** The only writer of one contact's state after its import: a compare-and-set; false means another move came first. */
export async function moveContact(db: Db, move: ContactMove): Promise<boolean> {
  for (const from of move.from) {
    if (!contactMoves[from].includes(move.to)) {
      throw new Error(`expected a move of the contact state machine, got ${from} → ${move.to}`);
    }
  }
  const result = await db
    .updateTable("contacts")
    .set({ ...move.set, state: move.to, updated_at: move.now })
    .where("id", "=", move.id)
    .where("state", "in", [...move.from])
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
