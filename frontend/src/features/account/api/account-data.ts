import { useMutation } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { saveAs } from "@/api/save-artifact";

/** Everything of the account, saved as a file of one JSON record a line. */
export function useExportAccount() {
  return useMutation({
    mutationFn: async () => {
      const blob = await unwrap(
        api.GET("/api/me/export", { parseAs: "blob" }) as Promise<{
          data?: Blob;
          response: Response;
        }>,
      );
      const day = new Date().toISOString().slice(0, 10);
      saveAs(blob, `mcpengine-account-${day}.ndjson`);
    },
  });
}

/** What the server wants to hear before it deletes. */
export const CONFIRMATION = "delete my account";

export function useDeleteAccount() {
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/me", { body: { confirm: CONFIRMATION } })),
  });
}
