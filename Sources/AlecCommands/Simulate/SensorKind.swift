// SPDX-License-Identifier: Apache-2.0

/// What a simulated sensor measures.
enum SensorKind: CaseIterable {
    /// In °C.
    case temperature
    /// In percent.
    case humidity
    /// In hPa.
    case pressure
    /// A counter in kWh, which never goes back.
    case energy
    /// 1 is open.
    case door
    /// In mm/s.
    case vibration
    /// In degrees, of something that drives and stops.
    case latitude
    case longitude

    /// The names of the sensors begin with it.
    var word: String {
        switch self {
        case .temperature: "temp"
        case .humidity: "hum"
        case .pressure: "press"
        case .energy: "energy"
        case .door: "door"
        case .vibration: "vib"
        case .latitude: "lat"
        case .longitude: "lon"
        }
    }

    /// Digits behind the point, as such sensors usually give them.
    var decimals: Int {
        switch self {
        case .door: 0
        case .humidity: 1
        case .temperature, .pressure: 2
        case .energy, .vibration: 3
        case .latitude, .longitude: 5
        }
    }
}
