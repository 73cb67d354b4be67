import type { Pool } from "pg";

/** The role under which the service works: it may add to the evidence and read it, never change it (migration 0003). */
export const serviceRole = "dialer_service";

/**
 * Whether the login itself could change the evidence: it owns the table or is a superuser, so that only the role it takes on
 * and the triggers stand before it. A deployment's login is a plain member of `serviceRole`.
 */
export async function loginOwnsEvidence(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ owns: boolean }>(
    "select pg_has_role(session_user, relowner, 'member') or (select rolsuper from pg_roles where rolname = session_user) as owns from pg_class where oid = to_regclass('evidence')",
  );
  return rows[0]?.owns === true;
}

/**
 * The service's role, when the database has it and the connected role may take it on; undefined on a database whose
 * administrator made neither possible (the triggers still protect the evidence).
 */
export async function availableServiceRole(pool: Pool): Promise<string | undefined> {
  const { rows } = await pool.query<{ able: boolean }>(
    "select coalesce((select pg_has_role(current_user, oid, 'set') from pg_roles where rolname = $1), false) as able",
    [serviceRole],
  );
  return rows[0]?.able === true ? serviceRole : undefined;
}
