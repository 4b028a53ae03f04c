using System.Globalization;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Tests.Pools;

/// <summary>The words of a pool's transcripts.</summary>
internal static class PoolWords
{
    /// <summary>Ranges, and after them what is unusual about the pool.</summary>
    public static AddressPool Pool(string[] words) => words.Where(word => word.Contains('=') || char.IsLetter(word[0]) && !word.Contains(':')).Aggregate(
        Given.Pool("front", [.. words.Where(word => !word.Contains('=') && (!char.IsLetter(word[0]) || word.Contains(':')))]),
        (pool, word) => word.Split('=') switch
        {
            ["order", var order] => pool with { Order = Enum.Parse<AddressOrder>(order) },
            ["retention", var time] => pool with { Retention = Duration(time) },
            ["quota", var each] => pool with { Quota = new(int.Parse(each, CultureInfo.InvariantCulture), []) },
            ["within-namespace"] => pool with { SharedAcrossNamespaces = false },
            ["avoid-buggy"] => pool with { AvoidBuggyAddresses = true },
            ["disabled"] => pool with { Disabled = true },
            ["draining"] => pool with { Draining = true },
            _ => throw new FormatException($"no such setting: {word}"),
        });

    public static AllocationRequest Request(ServiceName service, WordOptions options) => new(
        service, options.Text("uid") ?? service.ToString(), (options.Text("families") ?? "IPv4").Split(',').Select(Enum.Parse<IpFamily>).ToEquatableList(),
        options.Addresses("wants"), options.Addresses("shows"),
        new(options.Text("key"), options.Text("backend") ?? "",
            (options.Text("ports") ?? "80").Split(',').Select(port => new ServicePort(Transport.Tcp, int.Parse(port, CultureInfo.InvariantCulture)))
                .ToEquatableList()),
        options.Addresses("leaves"));

    public static TimeSpan Duration(string text) => text[^1] switch
    {
        's' => TimeSpan.FromSeconds(int.Parse(text[..^1], CultureInfo.InvariantCulture)),
        'm' => TimeSpan.FromMinutes(int.Parse(text[..^1], CultureInfo.InvariantCulture)),
        'h' => TimeSpan.FromHours(int.Parse(text[..^1], CultureInfo.InvariantCulture)),
        _ => throw new FormatException($"no such time: {text}"),
    };

    public static string Say(AddressClaim claim) => string.Join(", ", Parts(claim));

    private static IEnumerable<string> Parts(AddressClaim claim)
    {
        if (claim.Holders.Count > 0)
            yield return $"held by {string.Join(" and ", claim.Holders.Select(holder => holder.Uid == holder.Service.ToString() ? holder.Uid : $"{holder.Service} ({holder.Uid})"))}";
        if (claim.SharingKey is { } key) yield return $"shared under {key}";
        if (claim.Reserved is { } reserved)
            yield return $"reserved for {reserved.Namespace ?? "nobody"}{(reserved.Name is null ? "" : $"/{reserved.Name}")}{(reserved.Until is { } until ? $" until {until:T}" : "")}";
        if (claim.Quarantine is { } quarantine) yield return string.Create(CultureInfo.InvariantCulture, $"in quarantine until {quarantine.Until:T}");
        if (claim.Released is { } released) yield return string.Create(CultureInfo.InvariantCulture, $"rests since {released:HH:mm:ss.ffffff}");
    }
}

/// <summary>What follows a word: flags, and values by name.</summary>
internal sealed class WordOptions(IEnumerable<string> words)
{
    private readonly Dictionary<string, string> _values =
        words.ToDictionary(word => word.Split('=')[0], word => word.Contains('=') ? word[(word.IndexOf('=') + 1)..] : "");

    public bool Has(string name) => _values.ContainsKey(name);

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public EquatableList<Address> Addresses(string name) => Text(name) is { } text ? Given.Addresses(text.Split(',')) : [];

    public TimeSpan? Duration(string name) => Text(name) is { } text ? PoolWords.Duration(text) : null;
}
