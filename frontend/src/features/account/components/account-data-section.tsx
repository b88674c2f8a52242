import { Download } from "lucide-react";
import { Dialog } from "radix-ui";
import { type FormEvent, useState } from "react";
import { signOut } from "@/api/session";
import { Button, buttonLook } from "@/components/button";
import { Field } from "@/components/field";
import { ProblemNotice } from "@/components/problem-notice";
import { toProblem } from "@/lib/problem";
import { CONFIRMATION, useDeleteAccount, useExportAccount } from "../api/account-data";

/** Take everything with you, or end the account. */
export function AccountDataSection() {
  const save = useExportAccount();
  return (
    <section aria-labelledby="account-data" className="panel max-w-2xl space-y-4 p-5">
      <h2 id="account-data" className="text-lg font-semibold">
        Your data
      </h2>
      <p className="text-ink-soft">
        The export has your account, your own projects with their descriptions, files, edits and
        versions, and the names of your tokens and credentials; credentials themselves are shown to
        nobody. It is a file with one JSON record a line.
      </p>
      {save.error && <ProblemNotice problem={toProblem(save.error)} />}
      <div className="flex flex-wrap gap-2">
        <Button
          pending={save.isPending}
          onClick={() => save.mutate()}
          icon={<Download className="size-4" aria-hidden />}
        >
          Export everything
        </Button>
        <DeleteAccountDialog />
      </div>
    </section>
  );
}

function DeleteAccountDialog() {
  return (
    <Dialog.Root>
      <Dialog.Trigger className={buttonLook({ variant: "danger" })}>Delete account</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-[rgb(8_14_13/55%)]" />
        <Dialog.Content className="panel fixed top-1/2 left-1/2 z-50 max-h-[90dvh] w-[calc(100%-2rem)] max-w-md -translate-x-1/2 -translate-y-1/2 space-y-4 overflow-auto p-5">
          <Dialog.Title className="text-lg font-semibold">Delete your account?</Dialog.Title>
          <Dialog.Description className="text-ink-soft">
            Your own servers stop, and your projects, tokens and stored credentials are removed at
            once. What you made for a team stays with the team. This cannot be undone, and you
            cannot sign in with this account again.
          </Dialog.Description>
          <DeleteForm />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function DeleteForm() {
  const [typed, setTyped] = useState("");
  const remove = useDeleteAccount();
  const confirmed = typed.trim() === CONFIRMATION;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (confirmed) remove.mutate(undefined, { onSuccess: () => signOut() });
  }

  return (
    <form onSubmit={submit} className="space-y-4">
      <Field label={`Type “${CONFIRMATION}”`}>
        {(control) => (
          <input
            {...control}
            className="field"
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      {remove.error && <ProblemNotice problem={toProblem(remove.error)} />}
      <div className="flex justify-end gap-2">
        <Dialog.Close className={buttonLook()}>Cancel</Dialog.Close>
        <Button type="submit" variant="danger" disabled={!confirmed} pending={remove.isPending}>
          Delete for good
        </Button>
      </div>
    </form>
  );
}
