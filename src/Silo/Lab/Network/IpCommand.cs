using System.ComponentModel;
using System.Diagnostics;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>Runs <c>ip</c> of iproute2. Its batch mode does the work of many commands in one process.</summary>
internal static class IpCommand
{
    /// <summary>What the C library says of EPERM.</summary>
    private const string NotPermitted = "Operation not permitted";

    /// <summary>Runs each line as an <c>ip</c> command, in the given network namespace or, when it is null, in our own. The first that fails ends it.</summary>
    public static async Task Batch(string? networkNamespace, IEnumerable<string> lines, CancellationToken cancellation)
    {
        string[] inside = networkNamespace is null ? [] : ["-n", networkNamespace];
        await Run([.. inside, "-batch", "-"], string.Join('\n', lines) + "\n", cancellation);
    }

    public static Task Run(string networkNamespace, string command, CancellationToken cancellation) => Batch(networkNamespace, [command], cancellation);

    /// <summary>Runs one command in a network namespace and returns what it prints.</summary>
    public static Task<string> Ask(string networkNamespace, string[] arguments, CancellationToken cancellation) =>
        Run(["-n", networkNamespace, .. arguments], "", cancellation);

    private static async Task<string> Run(string[] arguments, string input, CancellationToken cancellation)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode == 0) return await output;
        var fault = (await errors).ReplaceLineEndings(" ").Trim();
        if (fault.Contains(NotPermitted, StringComparison.Ordinal)) throw new NotPermittedException(fault);
        throw new OperatorException($"'ip {string.Join(' ', arguments)}' failed: {fault} The commands were: {input.ReplaceLineEndings("; ")}");
    }

    private static Process Start(string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true,
                RedirectStandardError = true })
                ?? throw new OperatorException("'ip' could not be started.");
        }
        catch (Win32Exception missing)
        {
            throw new OperatorException("The command 'ip' is not there: install the Debian package iproute2.", missing);
        }
    }
}
