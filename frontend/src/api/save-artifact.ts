import { api, unwrap } from "@/api/client";

/** The file that a deployment made, saved under its name. */
export async function saveArtifact(deploymentId: string, name: string): Promise<void> {
  const blob = await unwrap(
    api.GET("/api/deployments/{id}/artifact", {
      params: { path: { id: deploymentId } },
      parseAs: "blob",
    }) as Promise<{ data?: Blob; response: Response }>,
  );
  saveAs(blob, name);
}

/** Hands a file to the browser to keep. */
export function saveAs(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has begun to read by the next turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
