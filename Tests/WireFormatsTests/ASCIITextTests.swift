import Testing
import WireFormats

@Suite struct ASCIITextTests {
  @Test(arguments: [
    ("±20 %", "+/-20 %"), ("closed → open", "closed -> open"), ("drained 3→0", "drained 3->0"), ("✓ met", "ok met"), ("✗ bad", "x bad"),
    ("a … b", "a ... b"), ("≤ 5 ≥", "<= 5 >="), ("5 × TIMEOUT", "5 x TIMEOUT"), ("µs", "us"), ("naïve café", "naive cafe"), ("日本", "??"),
    ("plain\ttext\n", "plain\ttext\n"), ("− 3", "- 3"), ("", ""),
  ])
  func `nothing loses its meaning`(_ text: String, _ plain: String) { #expect(ASCIIText.plain(text) == plain) }
}
