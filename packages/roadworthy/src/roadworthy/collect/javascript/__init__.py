"""One collector per subject of JavaScript and TypeScript code."""
