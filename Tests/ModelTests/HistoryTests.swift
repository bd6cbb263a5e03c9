import Events
import RunModel
import Testing

@Suite struct HistoryTests {
  @Test(arguments: [1, 2, 63, 64, 65, 200]) func `the oldest goes`(_ limit: Int) {
    var history = History<Int>(limit: limit)
    for number in 0..<500 {
      history.append(number)
      #expect(history.last == number)
      #expect(history.count == min(limit, number + 1))
      #expect(history.first == max(0, number - limit + 1))
    }
    #expect(history.total == 500)
    #expect(Array(history) == Array((500 - limit)..<500))
  }

  @Test func `copies are independent`() {
    var history = History<Int>(limit: 100)
    for number in 0..<150 { history.append(number) }
    let copy = history
    for number in 150..<300 { history.append(number) }
    history[0] = -1
    #expect(Array(copy) == Array(50..<150))
  }

  @Test func `slices are found by time`() {
    var history = History<Timed<Double>>(limit: 1000)
    for second in 0..<300 { history.append(Timed(Double(second), at: RunInstant(seconds: Double(second)))) }
    let slice = history.slice(from: RunInstant(seconds: 10.5), through: RunInstant(seconds: 13))
    #expect(slice.map(\.value) == [11, 12, 13])
    #expect(history.slice(from: RunInstant(seconds: 5), through: RunInstant(seconds: 2)).isEmpty)
  }

  @Test func `the newest match is replaced`() {
    var history = History<Int>(limit: 10)
    for number in 0..<10 { history.append(number) }
    #expect(history.updateLast(where: { $0 % 3 == 0 }) { $0 = 100 })
    #expect(history.last == 100)
    #expect(!history.updateLast(depth: 2, where: { $0 == 1 }) { $0 = 0 })
  }
}
