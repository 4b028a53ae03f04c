@echo off
rem OrleansLb from a fresh clone, on Windows: the twin of ./lb. "lb help" lists the commands.
setlocal EnableDelayedExpansion
cd /d "%~dp0"
set "STATE=.lb"
set "COMMAND=%~1"
if "%COMMAND%"=="" set "COMMAND=help"
if /i "%COMMAND%"=="help" goto usage
if /i "%COMMAND%"=="--help" goto usage
if /i "%COMMAND%"=="clean" (
    if exist artifacts rmdir /s /q artifacts
    if exist "%STATE%" rmdir /s /q "%STATE%"
    exit /b 0
)
where dotnet >nul 2>nul || (
    echo lb: the .NET SDK 10 is missing: get it from https://dot.net/download and put dotnet on the PATH. 1>&2
    exit /b 1
)
dotnet --list-sdks | findstr /b "10." >nul || (
    echo lb: the .NET SDK 10 is needed: get it from https://dot.net/download. 1>&2
    exit /b 1
)
if not exist "%STATE%" mkdir "%STATE%"
set DOTNET_NOLOGO=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set "BUILD=%LB_BUILD%"
if "%BUILD%"=="" if exist "%STATE%\build" set /p BUILD=<"%STATE%\build"
if "%BUILD%"=="" (
    echo lb: asking the package registry for the product's packages 1>&2
    set "BUILD=product"
    dotnet restore OrleansLb.sln -p:ProductPackages=true >"%STATE%\restore.log" 2>&1 || (
        findstr /r "NU110[123]" "%STATE%\restore.log" >nul || (
            type "%STATE%\restore.log" 1>&2
            exit /b 1
        )
        set "BUILD=local"
        echo lb: this registry lacks a part of the product: making the local build, on src\LocalGrains 1>&2
    )
    >"%STATE%\build" echo !BUILD!
)
set "PRODUCT=false"
if /i "%BUILD%"=="product" set "PRODUCT=true"
set "ARGUMENTS="
shift
:collect
if not "%~1"=="" (
    set "ARGUMENTS=!ARGUMENTS! "%~1""
    shift
    goto collect
)
if /i "%COMMAND%"=="test" goto test
if /i "%COMMAND%"=="build" goto build
if /i "%COMMAND%"=="bench" goto bench
for %%C in (lab run check migrate explain status move drain undrain version) do if /i "%COMMAND%"=="%%C" goto orleanslb
echo lb: there is no command '%COMMAND%' 1>&2
exit /b 2

:orleanslb
call :publish src\Silo\Silo.csproj Silo || exit /b 1
dotnet "%PROGRAM%\orleanslb.dll" %COMMAND% %ARGUMENTS%
exit /b %ERRORLEVEL%

:bench
call :publish bench\Bench.csproj Bench || exit /b 1
dotnet "%PROGRAM%\OrleansLb.Bench.dll" %ARGUMENTS%
exit /b %ERRORLEVEL%

:build
call :compile OrleansLb.sln
exit /b %ERRORLEVEL%

:test
call :compile OrleansLb.sln || exit /b 1
set FAILED=0
for /d %%D in (tests\*) do (
    if exist "artifacts\%BUILD%\bin\%%~nxD.Tests\release\OrleansLb.%%~nxD.Tests.dll" (
        echo lb: testing %%~nxD.Tests 1>&2
        dotnet "artifacts\%BUILD%\bin\%%~nxD.Tests\release\OrleansLb.%%~nxD.Tests.dll" -noColor || set FAILED=1
    )
)
if "%FAILED%"=="1" echo lb: some tests failed 1>&2
exit /b %FAILED%

:publish
rem Compiled ahead of time, it starts in half the time; the compiler for that is a package that the registry may lack.
set "PROGRAM=artifacts\%BUILD%\program\%~2"
if not exist "%STATE%\no-compiler" (
    dotnet publish "%~1" -c Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true -p:ProductPackages=%PRODUCT% -o "!PROGRAM!" -nologo -v quiet >"%STATE%\build.log" 2>&1 && exit /b 0
    findstr /r "NU110[123] NETSDK1094" "%STATE%\build.log" >nul && (
        echo lb: no compiler ahead of time: the code is compiled as it runs, and a start takes longer 1>&2
        echo.>"%STATE%\no-compiler"
    )
)
set "PROGRAM=artifacts\%BUILD%\bin\%~2\release"

:compile
dotnet build "%~1" -c Release -p:ProductPackages=%PRODUCT% -nologo -v quiet >"%STATE%\build.log" 2>&1 || (
    findstr /r /c:"error " "%STATE%\build.log" 1>&2
    echo lb: the build failed; the whole log is %STATE%\build.log 1>&2
    exit /b 1
)
exit /b 0

:usage
echo Usage: lb COMMAND [options]
echo.
echo   lab                 the whole story on this machine, on the in-memory segment
echo   test                build everything and run every test
echo   run                 serve this machine's network
echo   check FILE          is this configuration right?
echo   migrate --from ...  what is read of MetalLB or OpenELB, and the same in our form
echo   explain NS/NAME     why this address and this node, from the running service
echo   status              services, addresses, announcers of the running service
echo   bench [NAME]        list the benchmarks, or run one
echo   build               build only
echo   clean               forget what was built, and which build was chosen
exit /b 0
