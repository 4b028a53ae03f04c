using OrleansLb.Core.Forecasting;
using OrleansLb.Silo.Manifests;

namespace OrleansLb.Silo.Status;

/// <summary>The result of a check, for scripts: <c>orleanslb check --json</c>.</summary>
/// <param name="Ok">The files are right, and nobody would notice them in the cluster.</param>
/// <param name="Forecast">Null without a cluster to hold the files against.</param>
internal sealed record CheckView(bool Ok, int Objects, int Errors, int Warnings, IReadOnlyList<ProblemView> Problems, ForecastView? Forecast = null)
{
    public static CheckView Of(ConfigurationCheck check, WhatIf? forecast = null) => new(
        check.Errors == 0 && forecast is not { IsHarmless: false }, check.Objects, check.Errors, check.Warnings,
        [
            .. check.Faults.Select(fault => new ProblemView(fault.Line > 0 ? $"{fault.File}:{fault.Line}" : fault.File, "", "", "error", fault.Message)),
            .. check.Problems.Select(ProblemView.Of),
        ],
        forecast is null ? null : ForecastView.Of(forecast));
}

/// <summary>What would become of a cluster's services.</summary>
/// <param name="Affected">How many would lose or change their address or announcer.</param>
/// <param name="Refused">What would be wrong in the cluster then and is not today.</param>
/// <param name="Left">Configuration of the cluster that the files do not have.</param>
internal sealed record ForecastView(int Affected, IReadOnlyList<OutlookView> Services, IReadOnlyList<ProblemView> Refused, IReadOnlyList<string> Left)
{
    public static ForecastView Of(WhatIf forecast) => new(
        forecast.Affected.Count(),
        [.. forecast.Services.Select(OutlookView.Of)],
        [.. forecast.Refused.Select(ProblemView.Of)],
        [.. forecast.Left.Select(left => (left with { File = null }).ToString())]);
}

/// <summary>What would become of one service.</summary>
internal sealed record OutlookView(
    string Service,
    string Outlook,
    bool Affected,
    IReadOnlyList<string> Has,
    IReadOnlyList<string> Gets,
    string Message,
    string? AnnouncerBefore,
    string? AnnouncerAfter)
{
    public static OutlookView Of(ServiceOutlook service) => new(
        service.Service.ToString(),
        service.Addresses.ToString(),
        service.IsAffected,
        [.. service.Has.Select(address => address.ToString())],
        [.. service.Gets.Select(address => address.ToString())],
        ForecastText.Line(service),
        service.Before?.Node?.Value,
        service.After?.Node?.Value);
}
