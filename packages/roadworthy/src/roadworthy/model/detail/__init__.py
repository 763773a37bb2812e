"""What a symbol says beyond its name: one small frozen dataclass per kind of statement, one file per subject."""

from roadworthy.model.detail.alert import AlertRoute, AlertRule, ReceiverDefined
from roadworthy.model.detail.code import BlockingCall, ClientCall, HandlerEmpty, ModuleRead, OriginsAllowed
from roadworthy.model.detail.command import CommandUse, ProgramPresent, ProgramUse
from roadworthy.model.detail.document import DocumentLink, DocumentRead, ReadinessClaim
from roadworthy.model.detail.environment import (
    EnvironmentGiven,
    EnvironmentImported,
    EnvironmentRead,
    EnvironmentTaken,
    UrlParts,
)
from roadworthy.model.detail.framework import FrameworkUse
from roadworthy.model.detail.image import (
    BaseImage,
    ContentFound,
    CopySource,
    FilePlaced,
    FileWanted,
    IgnoreRule,
    PackageInstalled,
    SecretBaked,
    SourceWanted,
    StageBuilt,
    StageFolder,
    StageUse,
    StageUser,
)
from roadworthy.model.detail.logging import LogSetup
from roadworthy.model.detail.manifest import Dependency, LockRead, ManifestRead
from roadworthy.model.detail.metric import (
    LabelDefinition,
    LabelUse,
    LabelValue,
    MetricDefinition,
    MetricTouch,
    MetricUse,
)
from roadworthy.model.detail.object_key import ObjectKey, ObjectKeyUse
from roadworthy.model.detail.pipeline import ActionUse, PermissionsGiven, PipelineJob, PlatformPipeline
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.detail.prometheus import PrometheusConfiguration, RuleFile, RuleFileLoad, ScrapeTarget
from roadworthy.model.detail.route import (
    NameImported,
    PathText,
    RouteDeclared,
    RouterDeclared,
    RouterIncluded,
    RouteServed,
)
from roadworthy.model.detail.script import CommandLine, PathUse, ScriptDefined, ScriptUse
from roadworthy.model.detail.secret import EnvironmentFile, SecretCommitted, SecretDefault
from roadworthy.model.detail.table import ForeignKey, ModelMapped, RowsErased, TableDefined, TableDropped
from roadworthy.model.detail.testing import CaseFound, RunnerConfiguration, CasesRead, RunnerCalled, RunnerHidden
from roadworthy.model.detail.volume import FileUse, Mount, VolumeDeclared
from roadworthy.model.detail.workload import DependsOn, HostName, Workload, WorkloadChosen

Detail = (
    AlertRoute
    | AlertRule
    | BaseImage
    | BlockingCall
    | ClientCall
    | CommandUse
    | ContentFound
    | CopySource
    | DependsOn
    | EnvironmentGiven
    | EnvironmentImported
    | EnvironmentRead
    | EnvironmentTaken
    | FilePlaced
    | FileUse
    | FileWanted
    | FrameworkUse
    | HandlerEmpty
    | HostName
    | IgnoreRule
    | LabelDefinition
    | LabelUse
    | LabelValue
    | LogSetup
    | MetricDefinition
    | MetricTouch
    | MetricUse
    | ModuleRead
    | Mount
    | NameImported
    | ObjectKey
    | ObjectKeyUse
    | OriginsAllowed
    | PackageInstalled
    | PathText
    | PortUse
    | ProbeUse
    | ProgramPresent
    | ProgramUse
    | PrometheusConfiguration
    | ReceiverDefined
    | RouteDeclared
    | RouteServed
    | RouterDeclared
    | RouterIncluded
    | RuleFile
    | RuleFileLoad
    | ScrapeTarget
    | SecretBaked
    | SourceWanted
    | StageBuilt
    | StageFolder
    | StageUse
    | StageUser
    | UrlParts
    | VolumeDeclared
    | Workload
    | WorkloadChosen
    | DocumentLink
    | DocumentRead
    | ReadinessClaim
    | Dependency
    | LockRead
    | ManifestRead
    | ActionUse
    | PermissionsGiven
    | PipelineJob
    | PlatformPipeline
    | CommandLine
    | PathUse
    | ScriptDefined
    | ScriptUse
    | EnvironmentFile
    | SecretCommitted
    | SecretDefault
    | ForeignKey
    | ModelMapped
    | RowsErased
    | TableDefined
    | TableDropped
    | CaseFound
    | RunnerConfiguration
    | CasesRead
    | RunnerCalled
    | RunnerHidden
)
