import { useEffect, useRef, useState } from "react";

interface WindowInput {
  onFiles: (files: readonly File[]) => void;
  onText: (text: string) => void;
}

/**
 * Takes files and text that are dropped or pasted anywhere on the page; paste
 * into a field is left to the field. Returns whether something is being dragged.
 */
export function useWindowInput(input: WindowInput): boolean {
  const [dragging, setDragging] = useState(false);
  const latest = useRef(input);
  useEffect(() => {
    latest.current = input;
  });

  useEffect(() => {
    // `dragleave` fires at each element that is crossed: count in and out.
    let depth = 0;
    const carries = (event: DragEvent) =>
      event.dataTransfer?.types.some((type) => type === "Files" || type === "text/plain") ?? false;

    const enter = (event: DragEvent) => {
      if (!carries(event)) return;
      depth += 1;
      setDragging(true);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setDragging(false);
    };
    const over = (event: DragEvent) => {
      if (carries(event)) event.preventDefault();
    };
    const take = (data: DataTransfer | null) => {
      const files = [...(data?.files ?? [])];
      const text = data?.getData("text/plain");
      if (files.length > 0) latest.current.onFiles(files);
      else if (text) latest.current.onText(text);
      return files.length > 0 || Boolean(text);
    };
    const drop = (event: DragEvent) => {
      depth = 0;
      setDragging(false);
      if (!carries(event)) return;
      event.preventDefault();
      take(event.dataTransfer);
    };
    const paste = (event: ClipboardEvent) => {
      const target = event.target;
      const inField =
        target instanceof HTMLElement &&
        target.matches("input, textarea, select, [contenteditable]");
      // A file cannot go into a field, so it is taken from there as well.
      if (inField && !event.clipboardData?.files.length) return;
      if (take(event.clipboardData)) event.preventDefault();
    };

    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("dragover", over);
    window.addEventListener("drop", drop);
    window.addEventListener("paste", paste);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("dragover", over);
      window.removeEventListener("drop", drop);
      window.removeEventListener("paste", paste);
    };
  }, []);

  return dragging;
}
