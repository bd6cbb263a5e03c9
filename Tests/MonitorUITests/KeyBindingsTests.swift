import MonitorUI
import TerminalCanvas
import Testing
import WireFormats

@Suite struct KeyBindingsTests {
  @Test func `every command has a key and no key two`() {
    var seen: Set<Key> = []
    for command in MonitorCommand.allCases {
      let keys = KeyBindings.standard.keys[command] ?? []
      #expect(!keys.isEmpty, "\(command) has no key")
      for key in keys {
        #expect(seen.insert(key).inserted, "\(KeyText.text(key)) is bound twice")
        #expect(KeyBindings.standard.command(for: key) == command)
      }
      #expect(!command.summary.isEmpty)
    }
  }

  @Test(arguments: [
    ("q", Key.char("q")), ("space", .char(" ")), ("ctrl-c", .ctrl("c")), ("alt-X", .alt("X")), ("F5", .function(5)), ("page-up", .pageUp),
    ("esc", .escape), ("escape", .escape), ("shift-tab", .backTab), ("Q", .char("Q")),
  ]) func `key texts`(_ text: String, _ key: Key) {
    #expect(KeyText.key(text) == key)
  }

  @Test func `rebinding takes keys away`() throws {
    var bindings = KeyBindings.standard
    try bindings.rebind(["pause": "p, f2", "mark": "q", "quit": "x"])
    #expect(bindings.command(for: .char("p")) == .pause)
    #expect(bindings.command(for: .char(" ")) == nil)
    #expect(bindings.command(for: .char("q")) == .mark)
    #expect(bindings.command(for: .char("x")) == .quit)
    #expect(bindings.text(for: .pause) == "p, f2")
  }

  @Test(arguments: [
    (["pauze": "p"], "no command is called \"pauze\"; did you mean \"pause\"?"),
    (["pause": "spcae"], "command pause: no key is called \"spcae\"; did you mean \"space\"?"), (["quit": ""], "command quit needs a key"),
  ]) func `mistakes name the nearest word`(_ changes: [String: String], _ sentence: String) {
    var bindings = KeyBindings.standard
    #expect(throws: Problem.self) { try bindings.rebind(changes) }
    do { try bindings.rebind(changes) } catch { #expect("\(error)" == sentence) }
    #expect(bindings == .standard, "a mistake changes nothing")
  }
}
