import { QueryClient } from "@tanstack/react-query";
import { toProblem } from "@/lib/problem";

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // An answered refusal stays the same; a lost connection may come back.
        retry: (failures, error) => failures < 2 && toProblem(error).recoverable,
      },
    },
  });
}
