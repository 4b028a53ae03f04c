using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Forecasting;
using OrleansLb.Silo.Manifests;

namespace OrleansLb.Silo.Status;

/// <summary>What a change would do to the services of a cluster, in words.</summary>
internal static class ForecastText
{
    public static void Write(TextWriter output, WhatIf forecast)
    {
        output.WriteLine();
        foreach (var problem in forecast.Refused)
        {
            output.WriteLine($"{(problem.Severity == Severity.Error ? "would be refused" : "warning")}: "
                + $"{problem with { Object = problem.Object with { File = null } }}");
        }
        foreach (var service in forecast.Services.Where(service => service.IsAffected || service.Addresses is AddressOutlook.Gained or AddressOutlook.Pending))
            output.WriteLine(Line(service));
        if (forecast.Left.Count > 0)
        {
            var fate = forecast.Prunes ? "to be deleted, as the files do not have it" : "not in the files, and left as it is (--prune would delete it)";
            output.WriteLine($"{fate}: {string.Join(", ", forecast.Left.Select(left => left with { File = null }))}");
        }
        var affected = forecast.Affected.Count();
        output.WriteLine($"{forecast.Services.Count} services looked at: {affected} would lose or change their address or announcer, "
            + $"{forecast.Services.Count - affected} would notice nothing");
    }

    /// <summary>One line on a service: what becomes of its addresses, and of its announcer if that changes.</summary>
    public static string Line(ServiceOutlook service)
    {
        var announcer = service.AnnouncerChanges ? $" {Announcer(service.Before!, service.After!)}" : "";
        return $"{service.Service}: {Describe(service)}{announcer}";
    }

    public static string Describe(ServiceOutlook service) => service.Addresses switch
    {
        AddressOutlook.Kept => $"keeps {List(service.Has)}.",
        AddressOutlook.KeptForNow => $"keeps {List(service.Has)} until it lets go, and would not get it again: {service.Message}",
        AddressOutlook.Changed => $"changes from {List(service.Has)} to {List(service.Gets)}: {service.Message}",
        AddressOutlook.Lost => $"loses {List(service.Has.Where(address => !service.Gets.Contains(address)))}: {service.Message}",
        AddressOutlook.Gained => $"gets {List(service.Gets.Where(address => !service.Has.Contains(address)))}.",
        _ => $"has no address and gets none: {service.Message}",
    };

    private static string Announcer(AnnouncerOutlook before, AnnouncerOutlook after)
    {
        if (before.Node != after.Node && before.Node is { } node)
        {
            return after.Node is { } other ? $"Its announcer changes from {node} to {other}." : $"It is announced by {node} no longer: {after.Message}";
        }
        var ended = before.Routes.Where(route => !after.Routes.Contains(route)).ToList();
        return ended.Count == 0 ? $"Its announcer becomes {after.Node}." : $"No longer announced: {string.Join("; ", ended)}.";
    }

    private static string List(IEnumerable<Address> addresses) => string.Join(" and ", addresses);
}
