import { OpenPage } from "@/app/open-page";
import { DocumentLink, Reference } from "@/app/routes/reference-page";

/** The reference, for who is not signed in. */
export function OpenReferencePage() {
  return (
    <OpenPage title="API reference" heading="API reference" actions={<DocumentLink />}>
      <Reference />
    </OpenPage>
  );
}
