"""The languages that blocks of code are coloured in, by the label that is shown, with the names that people use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Language(NamedTuple):
    module: str
    """Of `pygments.lexers`."""
    lexer: str
    aliases: tuple[str, ...] = ()
    options: Mapping[str, bool] = {}


# Not here, though Pygments knows them: Matlab, whose lexer takes seconds for one token, and Scala and Julia, whose
# lexers take a second to be loaded.
LANGUAGES = {
    "bash": Language("shell", "BashLexer", ("sh", "shell", "zsh", "ksh")),
    "batch": Language("shell", "BatchLexer", ("bat", "cmd", "dosbatch")),
    "c": Language("c_cpp", "CLexer", ("h",)),
    "clojure": Language("jvm", "ClojureLexer", ("clj", "cljs", "edn")),
    "cmake": Language("make", "CMakeLexer"),
    "console": Language("shell", "BashSessionLexer", ("shell-session", "sh-session", "terminal")),
    "cpp": Language("c_cpp", "CppLexer", ("c++", "cc", "cxx", "hpp")),
    "csharp": Language("dotnet", "CSharpLexer", ("c#", "cs")),
    "css": Language("css", "CssLexer"),
    "dart": Language("javascript", "DartLexer"),
    "diff": Language("diff", "DiffLexer", ("patch", "udiff")),
    "docker": Language("configs", "DockerLexer", ("dockerfile", "containerfile")),
    "elixir": Language("erlang", "ElixirLexer", ("ex", "exs")),
    "erlang": Language("erlang", "ErlangLexer", ("erl",)),
    "fsharp": Language("dotnet", "FSharpLexer", ("f#", "fs")),
    "go": Language("go", "GoLexer", ("golang",)),
    "graphql": Language("graphql", "GraphQLLexer", ("gql",)),
    "groovy": Language("jvm", "GroovyLexer", ("gradle",)),
    "haskell": Language("haskell", "HaskellLexer", ("hs",)),
    "html": Language("html", "HtmlLexer", ("htm", "xhtml")),
    "http": Language("textfmts", "HttpLexer"),
    "ini": Language("configs", "IniLexer", ("cfg", "conf", "editorconfig", "systemd")),
    "java": Language("jvm", "JavaLexer"),
    "javascript": Language("javascript", "JavascriptLexer", ("js", "mjs", "cjs", "node")),
    "json": Language("data", "JsonLexer", ("json5", "jsonc", "jsonl", "ndjson")),
    "jsx": Language("jsx", "JsxLexer"),
    "kotlin": Language("jvm", "KotlinLexer", ("kt", "kts")),
    "latex": Language("markup", "TexLexer", ("tex",)),
    "less": Language("css", "LessCssLexer"),
    "lisp": Language("lisp", "CommonLispLexer", ("common-lisp", "cl", "elisp", "scheme", "scm")),
    "lua": Language("scripting", "LuaLexer"),
    "make": Language("make", "MakefileLexer", ("makefile", "mk", "mf")),
    "markdown": Language("markup", "MarkdownLexer", ("md",)),
    "nginx": Language("configs", "NginxConfLexer", ("nginxconf",)),
    "objective-c": Language("objective", "ObjectiveCLexer", ("objc", "objectivec", "obj-c")),
    "ocaml": Language("ml", "OcamlLexer", ("ml",)),
    "perl": Language("perl", "PerlLexer", ("pl", "pm")),
    "php": Language("php", "PhpLexer", ("php5", "php7", "php8"), {"startinline": True}),
    "postgresql": Language("sql", "PostgresLexer", ("postgres", "psql", "plpgsql")),
    "powershell": Language("shell", "PowerShellLexer", ("ps1", "pwsh", "posh")),
    "protobuf": Language("dsls", "ProtoBufLexer", ("proto",)),
    "pycon": Language("python", "PythonConsoleLexer", ("python-console", "doctest")),
    "python": Language("python", "PythonLexer", ("py", "py3", "python3", "pyi")),
    "r": Language("r", "SLexer", ("rlang",)),
    "ruby": Language("ruby", "RubyLexer", ("rb",)),
    "rust": Language("rust", "RustLexer", ("rs",)),
    "scss": Language("css", "ScssLexer"),
    "sql": Language("sql", "SqlLexer", ("mysql", "sqlite")),
    "swift": Language("objective", "SwiftLexer"),
    "terraform": Language("configs", "TerraformLexer", ("tf", "hcl")),
    "toml": Language("configs", "TOMLLexer"),
    "tsx": Language("jsx", "TsxLexer"),
    "typescript": Language("javascript", "TypeScriptLexer", ("ts", "mts", "cts")),
    "xml": Language("html", "XmlLexer", ("svg", "rss", "xsd", "xsl", "plist")),
    "yaml": Language("data", "YamlLexer", ("yml",)),
    "zig": Language("zig", "ZigLexer"),
}

LABELS = {name: label for label, language in LANGUAGES.items() for name in (label, *language.aliases)}
