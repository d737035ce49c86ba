// Stands in for the packaged code editors, see build.mjs: every name they export, doing nothing.

export default class NoEditor {
  setValue() {}
  focus() {}
  setVariables() {}
  getSelection() {}
  destroy() {}
}
const nothing = () => [];
export const FeelersEditor = NoEditor;
export const EditorView = NoEditor;
export const EditorState = NoEditor;
export const Annotation = { define: nothing };
export const keymap = { of: nothing };
export const highlightSpecialChars = nothing;
export const drawSelection = nothing;
export const placeholder = nothing;
export const lineNumbers = nothing;
export const syntaxHighlighting = nothing;
export const defaultHighlightStyle = {};
export const foldGutter = nothing;
export const bracketMatching = nothing;
export const foldKeymap = [];
export const closeBrackets = nothing;
export const closeBracketsKeymap = [];
export const history = nothing;
export const defaultKeymap = [];
export const historyKeymap = [];
export const jsonParseLinter = nothing;
export const json = nothing;
export const linter = nothing;
