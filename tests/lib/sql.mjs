/** Runs the statements of a file, each ended by `;` at a line's end, in one batch. */
export async function runSql(database, sql) {
  const statements = sql
    .replaceAll(/^--.*$/gm, "")
    .split(/;\s*$/m)
    .filter((statement) => statement.trim() !== "");
  await database.batch(statements.map((statement) => database.prepare(statement)));
}
