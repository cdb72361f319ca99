using NodaTime;

namespace Scheduler.RulePacks.Tests.Holidays;

/// <summary>The instant of the June solstice within a minute or two, by Meeus' series for the years 1000 to 3000.</summary>
internal static class Solstice
{
    private static readonly (double Amplitude, double Phase, double Rate)[] Terms =
    [
        (485, 324.96, 1934.136), (203, 337.23, 32964.467), (199, 342.08, 20.186), (182, 27.85, 445267.112), (156, 73.14, 45036.886), (136, 171.52, 22518.443),
        (77, 222.54, 65928.934), (74, 296.72, 3034.906), (70, 243.58, 9037.513), (58, 119.81, 33718.147), (52, 297.17, 150.678), (50, 21.02, 2281.226),
        (45, 247.54, 29929.562), (44, 325.15, 31555.956), (29, 60.93, 4443.417), (18, 155.12, 67555.328), (17, 288.79, 4562.452), (16, 198.04, 62894.029),
        (14, 199.76, 31436.921), (12, 95.39, 14577.848), (12, 287.11, 31931.756), (12, 320.81, 34777.259), (9, 227.73, 1222.114), (8, 15.45, 16859.074),
    ];

    /// <summary>Days from the epoch of the series, noon of 1 January 2000.</summary>
    private const double Epoch = 2451545;

    /// <summary>Dynamical time is ahead of the civil by about this much.</summary>
    private static readonly Duration Ahead = Duration.FromSeconds(70);

    public static Instant June(int year)
    {
        var y = (year - 2000) / 1000.0;
        var mean = 2451716.56767 + (365241.62603 * y) + (0.00325 * y * y) + (0.00888 * y * y * y) - (0.00030 * y * y * y * y);
        var centuries = (mean - Epoch) / 36525;
        var w = Radians((35999.373 * centuries) - 2.47);
        var lambda = 1 + (0.0334 * Math.Cos(w)) + (0.0007 * Math.Cos(2 * w));
        var sum = Terms.Sum(term => term.Amplitude * Math.Cos(Radians(term.Phase + (term.Rate * centuries))));
        return Instant.FromUtc(2000, 1, 1, 12, 0) + Duration.FromDays(mean + (0.00001 * sum / lambda) - Epoch) - Ahead;
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;
}
