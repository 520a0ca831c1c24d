// SPDX-License-Identifier: Apache-2.0

/// How many letters must be changed to make one word of another.
enum EditDistance {
    static func between(_ a: String, _ b: String) -> Int {
        let a = Array(a.utf8)
        let b = Array(b.utf8)
        var row = Array(0...b.count)
        for i in a.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for k in b.indices {
                let change = diagonal + (a[i] == b[k] ? 0 : 1)
                diagonal = row[k + 1]
                row[k + 1] = min(change, row[k] + 1, row[k + 1] + 1)
            }
        }
        return row[b.count]
    }
}
