// SPDX-License-Identifier: Apache-2.0

import Glibc
import LineProtocols

/// Good lines of each format to start from, with settings of all kinds.
enum LineSeeds {
    /// The first byte of the mode, then the stream.
    private static let streams: [(UInt8, String)] = [
        (1, "time_ms,temp,\"a,\"\"b\",door\n1700000000123,21.5,1e-7,true\n2, ,-inf,nan\n"),
        (1, "time,sensor,value\n2023-11-14T22:13:20.25+01:00,\"x\"\"y\",21.5\n1.5,z,-0.0\n"),
        (1, "21.5,x,1700000000123,on\r\n1,2,,A\n"),
        (2, "{\"sensor\":\"t\\u00e9\",\"value\":22.5,\"ts\":1,\"q\":\"bad\",\"p\":2}\n{\"a\":1}\n"),
        (
            2,
            "{\"time\":\"2023-11-14T22:13:20Z\",\"a\":{\"t\":1700000000,\"b\":[1,"
                + "{\"c\":\"on\"}]}}\n"
        ),
        (2, "{\"v\":null,\"err\":\"nan\",\"name\":\"x\"}\n{\"b\":true,\"c\":-1.5e3,\"d\":{}}\n"),
        (3, "we\\ a,b=2,a=1 f=1.5,g=3i,h=t,s=\"x\\\"y\" 1700000000000000000\n# c\nm a=1\n"),
        (4, "temp=21.5,hum=+40;door=on \"x=1\ntime: 1700000000, a: .5\nt=1 b= c=021.\n"),
        (5, "21.5\n1,2;3 4\t5\n1,,on\n"),
        (6, "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\n"),
        (6, "$GPRMC,081836,A,3751.65,S,14507.36,E,000.0,360.0,130998,011.3,E*62\r\n"),
        (0, "\n# x\n\u{FEFF}a=1 b=2\n"), (0, "12 13\n"), (0, "hello world\n"),
    ]

    static func write(to folder: String) {
        for (number, stream) in streams.enumerated() {
            for variant in 0..<12 {
                let bits: [UInt8] = [0, 1, 2, 4, 8, 16, 32, 64, 128, 161, 145, 160]
                let more: [UInt8] = [0, 32, 64, 96, 160, 1, 2, 3, 4, 12, 20, 28]
                let mode = [
                    stream.0 | (variant % 5 == 4 ? 8 : 0), bits[variant],
                    more[(variant + number) % more.count], UInt8(variant * 23),
                ]
                save(mode + Array(stream.1.utf8), "\(folder)/\(number)-\(variant)")
            }
        }
    }

    private static func save(_ bytes: [UInt8], _ path: String) {
        guard let file = fopen(path, "wb") else {
            preconditionFailure("no file can be made at \(path)")
        }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }
}
