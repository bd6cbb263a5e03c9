import Testing
import WireFormats

@Suite struct ShellWordTests {
  @Test(arguments: [
    ("/runs/2026-11-26T141530Z-a-7f3a.mcap", "/runs/2026-11-26T141530Z-a-7f3a.mcap"), ("", "''"), ("my run.mcap", "'my run.mcap'"),
    ("it's", "'it'\\''s'"), ("~/a", "'~/a'"), ("=x", "'=x'"), ("a;b$(c)`d`", "'a;b$(c)`d`'"), ("#1", "'#1'"), ("Lauf-ä", "'Lauf-ä'"),
    // What must not reach a terminal stands as bytes, and stays the same word.
    ("a\u{1B}[2J", "$'a\\x1b[2J'"), ("a\nb", "$'a\\x0ab'"), ("it's\t\\", "$'it\\x27s\\x09\\x5c'"), ("\u{202E}x", "$'\\xe2\\x80\\xaex'"),
  ])
  func `a word is quoted where a shell would read another`(_ word: String, _ quoted: String) {
    #expect(ShellWord.quoted(word) == quoted)
    #expect(escapeUntrusted(ShellWord.quoted(word)) == ShellWord.quoted(word))
  }
}
